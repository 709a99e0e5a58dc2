/** Tells of a call until the returned function is called; browsers of phones refuse it to pages by an exception. */
export function notifyOf(
  Make: typeof Notification,
  title: string,
  options: NotificationOptions,
): (() => void) | undefined {
  try {
    const shown = new Make(title, options);
    shown.onclick = () => globalThis.focus();
    return () => shown.close();
  } catch {
    return undefined;
  }
}
