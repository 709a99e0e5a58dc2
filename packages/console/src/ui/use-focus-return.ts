import { useState } from "react";

/**
 * For a layer's `onCloseAutoFocus`: what had the focus before the layer was there has it again; where that is gone, the
 * page's content. Of a menu that closed when its item was chosen, its button.
 */
export function useFocusReturn(): (event: Event) => void {
  const [opener] = useState(findOpener);
  return (event) => {
    event.preventDefault();
    (opener?.isConnected === true ? opener : document.getElementById("content"))?.focus();
  };
}

function findOpener(): HTMLElement | undefined {
  const active = document.activeElement;
  const menuButton = active?.closest('[role="menu"]')?.getAttribute("aria-labelledby");
  const opener = typeof menuButton === "string" ? document.getElementById(menuButton) : active;
  return opener instanceof HTMLElement && opener !== document.body ? opener : undefined;
}
