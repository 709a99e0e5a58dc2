import { useState } from "react";

/** What opened the outermost of the layers that are or were open last. */
let outermost: HTMLElement | undefined;

/**
 * For a layer's `onCloseAutoFocus`: what had the focus before the layer was there has it again; where that is gone, e.g.
 * with a layer that this one followed, what opened that one; else the page's content. Of a menu that closed when its item
 * was chosen, its button.
 */
export function useFocusReturn(): (event: Event) => void {
  const [openers] = useState(findOpeners);
  return (event) => {
    event.preventDefault();
    (openers.find(({ isConnected }) => isConnected) ?? document.getElementById("content"))?.focus();
  };
}

function findOpeners(): readonly HTMLElement[] {
  const active = document.activeElement;
  const menuButton = active?.closest('[role="menu"]')?.getAttribute("aria-labelledby");
  const found = typeof menuButton === "string" ? document.getElementById(menuButton) : active;
  const opener = found instanceof HTMLElement && found !== document.body ? found : undefined;
  if (opener !== undefined && opener.closest('[role="dialog"], [role="alertdialog"]') === null) outermost = opener;
  return [opener, outermost].filter((each) => each !== undefined);
}
