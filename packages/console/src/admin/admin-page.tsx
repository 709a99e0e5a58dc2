import { type ComponentType, lazy, Suspense } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { Icon, type IconName } from "../ui/icons.tsx";
import { PageView, Skeleton } from "../ui/page.tsx";
import { useCurrentOnView } from "../ui/use-current-on-view.ts";
import { useWords } from "../words/use-words.ts";
import type { WordKey } from "../words/words.ts";
import { AuditPage } from "./audit-page.tsx";
import { ExplainPage } from "./explain-page.tsx";
import { ExtensionsPage } from "./extensions-page.tsx";
import { ConferenceSettings, InboundRules, OutboundRules, QueueSettings, UsersPage } from "./resources.tsx";
import { StatusPage } from "./status-page.tsx";
import { TrunksPage } from "./trunks-page.tsx";
import { WebhooksPage } from "./webhooks-page.tsx";

const PromptsPage = lazy(async () => ({ default: (await import("./prompts-page.tsx")).PromptsPage }));

const sections = [
  { path: "extensions", word: "admin.extensions", icon: "phone", view: ExtensionsPage },
  { path: "users", word: "admin.users", icon: "user", view: UsersPage },
  { path: "trunks", word: "admin.trunks", icon: "trunk", view: TrunksPage },
  { path: "inbound", word: "admin.inbound", icon: "in", view: InboundRules },
  { path: "outbound", word: "admin.outbound", icon: "out", view: OutboundRules },
  { path: "explain", word: "admin.explain", icon: "route", view: ExplainPage },
  { path: "queues", word: "admin.queues", icon: "headset", view: QueueSettings },
  { path: "conferences", word: "admin.conferences", icon: "people", view: ConferenceSettings },
  { path: "prompts", word: "admin.prompts", icon: "wave", view: PromptsPage },
  { path: "webhooks", word: "admin.webhooks", icon: "external", view: WebhooksPage },
  { path: "audit", word: "admin.audit", icon: "shield", view: AuditPage },
  { path: "status", word: "admin.status", icon: "pulse", view: StatusPage },
] as const satisfies readonly { path: string; word: WordKey; icon: IconName; view: ComponentType }[];

/** Everything that is set up once (§4.9 of the design). */
export function AdminPage() {
  const t = useWords();
  const [location] = useLocation();
  const bar = useCurrentOnView<HTMLElement>(location);
  return (
    <PageView title={t("admin.title")}>
      <div className="flex gap-6 max-md:flex-col">
        <nav
          ref={bar}
          aria-label={t("admin.title")}
          className="flex shrink-0 gap-1 max-md:overflow-x-auto md:w-48 md:flex-col"
        >
          {sections.map(({ path, word, icon }) => {
            const isHere = location === `/admin/${path}`;
            return (
              <Link
                key={path}
                href={`/admin/${path}`}
                aria-current={isHere ? "page" : undefined}
                className={`menu-item whitespace-nowrap ${isHere ? "bg-raised font-semibold text-accent" : "text-muted hover:bg-raised"}`}
              >
                <Icon name={icon} />
                {t(word)}
              </Link>
            );
          })}
        </nav>
        <Suspense fallback={<Skeleton />}>
          <Switch>
            {sections.map(({ path, view: View }) => (
              <Route key={path} path={`/admin/${path}`}>
                <View />
              </Route>
            ))}
            <Route>
              <Redirect to="/admin/extensions" replace />
            </Route>
          </Switch>
        </Suspense>
      </div>
    </PageView>
  );
}
