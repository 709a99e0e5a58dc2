import { type ReactNode, useState } from "react";
import { showFailure } from "../live/show-failure.ts";
import { api, type Page } from "../rest/api.ts";
import { useApi } from "../rest/use-api.ts";
import { ask } from "../ui/ask.tsx";
import { DeleteButton } from "../ui/delete-button.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { Icon } from "../ui/icons.tsx";
import { PagedList } from "../ui/paged-list.tsx";
import { useQuery } from "../ui/use-query.ts";
import { type T, useWords } from "../words/use-words.ts";
import { isWordKey, type WordKey } from "../words/words.ts";
import type { Field, Values } from "./field.ts";
import { ResourceForm } from "./resource-form.tsx";
import { SecretDialog, type Secret } from "./secret-dialog.tsx";
import { textOf } from "../rest/text-of.ts";

interface ResourcePageProps {
  readonly path: string;
  readonly title: string;
  readonly fields: readonly Field[];
  readonly nameOf: (thing: Values) => string;
  /** What is lost where one is deleted. */
  readonly loses: WordKey;
  /** More that can be done with one. */
  readonly actions?: (thing: Values, reload: () => void) => ReactNode;
  /** How a column is shown that plain text does not say, by its field. */
  readonly cells?: Readonly<Record<string, (thing: Values) => ReactNode>>;
  readonly secretOf?: (answer: Values) => Secret | undefined;
  /** What is said where there is nothing: what such a thing is good for. */
  readonly empty: WordKey;
  /** Read-only lists have none. */
  readonly isFixed?: boolean;
}

/** A list of things to administer: search, add, edit, delete. */
export function ResourcePage(props: ResourcePageProps) {
  const { path, title, fields, nameOf, loses, actions, cells, secretOf, empty, isFixed = false } = props;
  const t = useWords();
  const [get, put] = useQuery();
  const [edited, setEdited] = useState<Values | "new" | undefined>();
  const [secret, setSecret] = useState<Secret | undefined>();
  const query = new URLSearchParams({
    limit: "50",
    page: get("page") || "1",
    ...(get("q") !== "" && { search: get("q") }),
  });
  const loaded = useApi<Page<Values>>(`${path}?${query.toString()}`);
  const { reload } = loaded;
  const columns = fields.filter(({ isColumn }) => isColumn === true);
  const remove = (thing: Values): void =>
    ask({
      title: t("common.delete"),
      text: `${t("admin.askDelete", { name: nameOf(thing) })} ${t(loses)}`,
      run: () => {
        api(`${path}/${String(thing["id"])}`, { method: "DELETE" }).then(reload, showFailure);
      },
    });
  return (
    <section aria-label={title} className="flex min-w-0 flex-1 flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="mr-auto !text-lg !text-text">{title}</h2>
        <FilterField className="w-48" value={get("q")} onChange={(q) => put({ q, page: "" })} />
        {!isFixed && (
          <button type="button" className="btn btn-primary" onClick={() => setEdited("new")}>
            <Icon name="plus" />
            {t("common.add")}
          </button>
        )}
      </div>
      <PagedList loaded={loaded} emptyIcon="list" emptyText={t(get("q") === "" ? empty : "admin.empty.search")}>
        {(rows) => (
          <table className="data-table">
            <thead>
              <tr>
                {columns.map(({ name, word }) => (
                  <th key={name} scope="col">
                    {t(word)}
                  </th>
                ))}
                <th scope="col">
                  <span className="sr-only">{t("common.actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((thing) => (
                <tr key={String(thing["id"])} data-row={nameOf(thing)}>
                  {columns.map((field) => (
                    <td key={field.name}>{cells?.[field.name]?.(thing) ?? shown(field, thing[field.name], t)}</td>
                  ))}
                  <td className="row-actions">
                    <span className="flex justify-end gap-1">
                      {actions?.(thing, reload)}
                      {!isFixed && (
                        <>
                          <button
                            type="button"
                            className="btn btn-sm"
                            aria-label={`${t("common.edit")}: ${nameOf(thing)}`}
                            onClick={() => setEdited(thing)}
                          >
                            <Icon name="pencil" size={14} className="sm:hidden" />
                            <span className="max-sm:sr-only">{t("common.edit")}</span>
                          </button>
                          <DeleteButton what={nameOf(thing)} onPress={() => remove(thing)} />
                        </>
                      )}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </PagedList>
      {edited !== undefined && (
        <ResourceForm
          path={path}
          fields={fields}
          thing={edited === "new" ? undefined : edited}
          title={edited === "new" ? t("admin.new", { what: title }) : nameOf(edited)}
          onClose={() => setEdited(undefined)}
          onSaved={(answer) => {
            reload();
            setSecret(secretOf?.(answer));
          }}
        />
      )}
      {secret !== undefined && <SecretDialog secret={secret} onClose={() => setSecret(undefined)} />}
    </section>
  );
}

function shown({ kind, options, name }: Field, value: unknown, t: T): ReactNode {
  if (kind === "switch") return t(value === true ? "common.yes" : "common.no");
  if (kind === "many" && Array.isArray(value))
    return value.map((each) => options?.find((option) => option.value === each)?.label ?? String(each)).join(", ");
  if (kind === "destination" && typeof value === "object" && value !== null && "kind" in value) {
    const key = `destination.${String(value.kind)}`;
    return isWordKey(key) ? t(key) : "";
  }
  if (value === undefined || value === null) return <span className="text-muted">—</span>;
  const text = textOf(value);
  const isNumber = kind === "number" || name.toLowerCase().includes("number");
  return (
    <span className={`block max-w-28 break-words sm:max-w-60 ${isNumber ? "num" : ""}`}>
      {options?.find((option) => option.value === text)?.label ?? text}
    </span>
  );
}
