import { Tooltip } from "radix-ui";
import { useEffect } from "react";
import { AppFrame } from "./frame/app-frame.tsx";
import { loginStore } from "./session/login-store.ts";
import { keepFocus } from "./ui/keep-focus.ts";
import { LoginPage } from "./session/login-page.tsx";
import { Session } from "./session/session.tsx";
import { useStore } from "./ui/store.ts";

export function App() {
  const userId = useStore(loginStore, (login) => login?.userId);
  useEffect(keepFocus, []);
  if (userId === undefined) return <LoginPage />;
  return (
    <Tooltip.Provider delayDuration={300}>
      <Session key={userId}>
        <AppFrame />
      </Session>
    </Tooltip.Provider>
  );
}
