import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { useWords } from "../words/use-words.ts";
import { Icon } from "./icons.tsx";
import { useFocusReturn } from "./use-focus-return.ts";

interface ModalProps {
  readonly title: string;
  /** Beside the title, smaller. */
  readonly titleNote?: string;
  /** Read out after the title. */
  readonly description?: string;
  readonly descriptionClass?: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly width?: keyof typeof widths;
  readonly place?: keyof typeof places;
  readonly children: ReactNode;
  /** For tests to find it by. */
  readonly [mark: `data-${string}`]: unknown;
}

const widths = {
  narrow: "w-[min(460px,calc(100vw-24px))]",
  middle: "w-[min(560px,calc(100vw-24px))]",
  wide: "w-[min(640px,calc(100vw-24px))]",
};

const places = {
  middle: "top-1/2 left-1/2 max-h-[calc(100dvh-24px)] -translate-x-1/2 -translate-y-1/2",
  /** For what grows below a field. */
  top: "top-[min(18vh,120px)] left-1/2 max-h-[calc(100dvh-min(18vh,120px)-12px)] -translate-x-1/2",
  side: "inset-y-0 right-0 max-w-[100vw] !rounded-none",
};

/** A window over the page: closed by Escape, a press beside it or its button, and never larger than the screen. */
export function Modal({ isOpen, ...rest }: ModalProps) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => !open && rest.onClose()}>
      {isOpen && <Frame {...rest} />}
    </Dialog.Root>
  );
}

function Frame(props: Omit<ModalProps, "isOpen">) {
  const { title, titleNote, description, descriptionClass = "text-sm text-muted", onClose: _, ...others } = props;
  const { width = "middle", place = "middle", children, ...marks } = others;
  const t = useWords();
  const returnFocus = useFocusReturn();
  return (
    <Dialog.Portal>
      <Dialog.Overlay className="fixed inset-0 z-40 bg-black/30" />
      <Dialog.Content
        {...marks}
        {...(description === undefined && { "aria-describedby": undefined })}
        className={`layer fixed z-40 overflow-auto outline-none ${places[place]} ${widths[width]}`}
        onOpenAutoFocus={focusField}
        onCloseAutoFocus={returnFocus}
      >
        <div className="sticky top-0 z-10 flex items-start gap-3 bg-base py-3 pr-3 pl-5">
          <div className="min-w-0 flex-1 py-1">
            <Dialog.Title className="text-lg font-semibold break-words text-text">
              {title}
              {titleNote !== undefined && <span className="num ml-3 font-normal text-muted">{titleNote}</span>}
            </Dialog.Title>
            {description !== undefined && (
              <Dialog.Description className={descriptionClass}>{description}</Dialog.Description>
            )}
          </div>
          <Dialog.Close className="btn btn-ghost btn-icon" aria-label={t("common.close")}>
            <Icon name="cross" />
          </Dialog.Close>
        </div>
        <div className="px-5 pb-5">{children}</div>
      </Dialog.Content>
    </Dialog.Portal>
  );
}

/** The first field, or else the window itself: Enter pressed twice must not press what is in it. */
function focusField(event: Event): void {
  const content = event.currentTarget;
  if (!(content instanceof HTMLElement)) return;
  event.preventDefault();
  (content.querySelector<HTMLElement>(":is(input, select, textarea):enabled:not([type=hidden])") ?? content).focus();
}
