import { FindOrDial } from "../dial/find-or-dial.tsx";
import { ConnectionPill } from "./connection-pill.tsx";
import { UserMenu } from "./user-menu.tsx";

export function Header() {
  return (
    <header className="flex h-14 items-center gap-3 border-b border-line bg-base px-4">
      <div className="min-w-0 max-w-[420px] flex-1">
        <FindOrDial />
      </div>
      <div className="ml-auto flex items-center gap-2 sm:gap-3">
        <ConnectionPill />
        <UserMenu />
      </div>
    </header>
  );
}
