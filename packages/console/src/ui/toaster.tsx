import { useEffect } from "react";
import { useWords } from "../words/use-words.ts";
import { Icon } from "./icons.tsx";
import { createStore, useStore } from "./store.ts";

export interface Toast {
  readonly id: number;
  readonly kind: "info" | "error";
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Milliseconds; errors stay until closed. */
  readonly stays?: number;
}

const toasts = createStore<readonly Toast[]>([]);
let lastId = 0;

/** At most three at a time. Returns what closes it. */
export function showToast(toast: Omit<Toast, "id">): () => void {
  lastId += 1;
  const id = lastId;
  const others = toasts.get().filter(({ text }) => text !== toast.text);
  toasts.set([...others, { ...toast, id }].slice(-3));
  return () => closeToast(id);
}

function closeToast(id: number): void {
  toasts.set(toasts.get().filter((toast) => toast.id !== id));
}

export function Toaster() {
  const list = useStore(toasts);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-[max(112px,calc(var(--dock-top,0px)+12px))] z-50 flex w-[min(380px,calc(100vw-32px))] flex-col gap-2"
    >
      {list.map((toast) => (
        <ToastView key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastView({ toast }: { readonly toast: Toast }) {
  const t = useWords();
  const { id, kind, stays } = toast;
  useEffect(() => {
    if (kind === "error") return undefined;
    const timer = setTimeout(() => closeToast(id), stays ?? 5000);
    return () => clearTimeout(timer);
  }, [id, kind, stays]);
  return (
    <div className="layer pointer-events-auto flex items-start gap-2 p-3" data-toast={kind}>
      <Icon
        name={kind === "error" ? "warning" : "info"}
        className={`mt-0.5 ${kind === "error" ? "text-danger" : "text-ring"}`}
      />
      <p className="min-w-0 flex-1 text-sm">{toast.text}</p>
      {toast.action !== undefined && (
        <button
          type="button"
          className="btn btn-sm"
          onClick={() => {
            closeToast(id);
            toast.action?.run();
          }}
        >
          {toast.action.label}
        </button>
      )}
      <button
        type="button"
        className="btn btn-ghost btn-icon btn-sm !w-6"
        aria-label={t("common.close")}
        onClick={() => closeToast(id)}
      >
        <Icon name="cross" size={14} />
      </button>
    </div>
  );
}
