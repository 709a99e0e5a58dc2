import { Tooltip } from "radix-ui";
import type { ReactElement } from "react";

/** A short text for what has the pointer or the focus; where it comes and goes, the focus stays. */
export function Tip({ text, children }: { readonly text: string | undefined; readonly children: ReactElement }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      {text !== undefined && (
        <Tooltip.Portal>
          <Tooltip.Content sideOffset={6} className="layer z-50 max-w-72 px-2.5 py-1.5 text-xs">
            {text}
          </Tooltip.Content>
        </Tooltip.Portal>
      )}
    </Tooltip.Root>
  );
}
