import { type FormEvent, useState } from "react";
import { failureWords } from "../live/failure-words.ts";
import { api } from "../rest/api.ts";
import { ApiError } from "../rest/api-error.ts";
import { ask } from "../ui/ask.tsx";
import { Modal } from "../ui/modal.tsx";
import { showToast } from "../ui/toaster.tsx";
import { useWords } from "../words/use-words.ts";
import { changedValues, conflictsOf, type Field, initialValues, type Values } from "./field.ts";
import { FieldInput } from "./field-input.tsx";
import { textOf } from "../rest/text-of.ts";

interface ResourceFormProps {
  readonly path: string;
  readonly fields: readonly Field[];
  /** Undefined for a new one. */
  readonly thing: Values | undefined;
  readonly title: string;
  readonly onClose: () => void;
  /** With the answer, which may hold a generated secret. */
  readonly onSaved: (answer: Values) => void;
}

/** A form that nothing overwrites while somebody fills it in ([U55]). */
export function ResourceForm({ path, fields: all, thing, title, onClose, onSaved }: ResourceFormProps) {
  const t = useWords();
  const fields = all.filter(({ isListOnly }) => isListOnly !== true);
  const [before, setBefore] = useState(() => initialValues(fields, thing));
  const [values, setValues] = useState(before);
  const [errors, setErrors] = useState<ReadonlyMap<string, string>>(new Map());
  const [problem, setProblem] = useState("");
  const [conflict, setConflict] = useState<
    { readonly fields: readonly Field[]; readonly theirs: Values } | undefined
  >();
  const [isBusy, setBusy] = useState(false);
  const isNew = thing === undefined;
  const save = async (mine?: Values): Promise<void> => {
    if (isBusy) return;
    const changed = changedValues(fields, mine ?? before, values, isNew);
    if (!isNew && Object.keys(changed).length === 0) return onClose();
    setBusy(true);
    setErrors(new Map());
    setProblem("");
    try {
      const own = `${path}/${textOf(thing?.["id"])}`;
      const theirs = isNew ? undefined : await api<Values>(own);
      const both = theirs === undefined ? [] : conflictsOf(fields, mine ?? before, theirs, changed);
      if (theirs !== undefined && both.length > 0) return setConflict({ fields: both, theirs });
      const answer = await api<Values>(isNew ? path : own, { method: isNew ? "POST" : "PATCH", body: changed });
      showToast({ kind: "info", text: t("admin.saved"), stays: 2000 });
      onSaved(answer);
      onClose();
    } catch (error) {
      const known = error instanceof ApiError ? error.fields : [];
      setErrors(new Map(known.map(({ field, message }) => [field, message])));
      setProblem(
        known.some(({ field }) => fields.every(({ name }) => name !== field)) || known.length === 0
          ? failureWords(error, t)
          : "",
      );
      const first = known[0]?.field;
      if (first !== undefined) document.getElementById(`field-${first}`)?.focus();
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void save();
  };
  const settle = (takesTheirs: boolean): void => {
    if (conflict === undefined) return;
    const now = initialValues(fields, conflict.theirs);
    setBefore(now);
    setConflict(undefined);
    if (takesTheirs)
      setValues((mine) => ({ ...mine, ...Object.fromEntries(conflict.fields.map(({ name }) => [name, now[name]])) }));
    else void save(now);
  };
  const leave = (): void => {
    const isSame = fields.every(
      ({ name }) => JSON.stringify(before[name] ?? "") === JSON.stringify(values[name] ?? ""),
    );
    if (isSame) return onClose();
    ask({ title: t("admin.discard"), text: t("admin.askDiscard"), run: onClose });
  };
  return (
    <Modal title={title} width="wide" isOpen onClose={leave}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          {fields.map((field) => (
            <FieldInput
              key={field.name}
              field={field}
              value={values[field.name]}
              error={errors.get(field.name)}
              isDisabled={!isNew && field.isFixed === true}
              onChange={(value) => setValues((all) => ({ ...all, [field.name]: value }))}
            />
          ))}
        </div>
        {problem !== "" && (
          <p role="alert" className="text-sm text-danger">
            {problem}
          </p>
        )}
        {conflict !== undefined && (
          <div role="alert" className="flex flex-wrap items-center gap-2 rounded-sm border border-amber p-3 text-sm">
            <span className="mr-auto">
              {t("admin.changed", { fields: conflict.fields.map(({ word }) => t(word)).join(", ") })}
            </span>
            <button type="button" className="btn btn-sm" onClick={() => settle(true)}>
              {t("admin.reload")}
            </button>
            <button type="button" className="btn btn-sm" onClick={() => settle(false)}>
              {t("admin.keepMine")}
            </button>
          </div>
        )}
        <div className="flex justify-end gap-3">
          <button type="button" className="btn" onClick={leave}>
            {t("common.cancel")}
          </button>
          <button type="submit" className="btn btn-primary" aria-disabled={isBusy}>
            {t("common.save")}
          </button>
        </div>
      </form>
    </Modal>
  );
}
