import type { Permission, Role } from "@pbx-x/protocol/runtime";
import { type ComponentType, lazy } from "react";
import type { IconName } from "../ui/icons.tsx";
import type { WordKey } from "../words/words.ts";

export interface AppRoute {
  readonly path: string;
  readonly word: WordKey;
  readonly icon: IconName;
  readonly needs: Permission;
  /** The least role that has the right, for the explanation. */
  readonly role: Role;
  /** The key after G. */
  readonly key?: string;
  readonly isInRail: boolean;
  readonly view: ComponentType;
  /** Begins to fetch the page, e.g. while the session is read. */
  readonly fetch: () => void;
}

const page = (load: () => Promise<ComponentType>): Pick<AppRoute, "view" | "fetch"> => ({
  view: lazy(async () => ({ default: await load() })),
  // A page that cannot be fetched says so when it is shown.
  fetch: () => void load().catch(() => undefined),
});

export const routes: readonly AppRoute[] = [
  {
    path: "/panel",
    word: "nav.panel",
    icon: "grid",
    needs: "presence.view",
    role: "user",
    key: "p",
    isInRail: true,
    ...page(async () => (await import("../panel/panel-page.tsx")).PanelPage),
  },
  {
    path: "/agent",
    word: "nav.agent",
    icon: "headset",
    needs: "agents.control.own",
    role: "agent",
    key: "a",
    isInRail: true,
    ...page(async () => (await import("../agent/agent-page.tsx")).AgentPage),
  },
  {
    path: "/wall",
    word: "nav.wall",
    icon: "wall",
    needs: "queues.view.own",
    role: "agent",
    key: "w",
    isInRail: true,
    ...page(async () => (await import("../wall/wall-page.tsx")).WallPage),
  },
  {
    path: "/supervisor",
    word: "nav.supervisor",
    icon: "eye",
    needs: "calls.monitor",
    role: "supervisor",
    key: "s",
    isInRail: true,
    ...page(async () => (await import("../supervisor/supervisor-page.tsx")).SupervisorPage),
  },
  {
    path: "/history",
    word: "nav.history",
    icon: "clock",
    needs: "calls.view.own",
    role: "user",
    key: "h",
    isInRail: true,
    ...page(async () => (await import("../history/history-page.tsx")).HistoryPage),
  },
  {
    path: "/voicemail",
    word: "nav.voicemail",
    icon: "voicemail",
    needs: "voicemail.own",
    role: "user",
    key: "v",
    isInRail: true,
    ...page(async () => (await import("../voicemail/voicemail-page.tsx")).VoicemailPage),
  },
  {
    path: "/recordings",
    word: "nav.recordings",
    icon: "tape",
    needs: "calls.record",
    role: "admin",
    isInRail: true,
    ...page(async () => (await import("../recordings/recordings-page.tsx")).RecordingsPage),
  },
  {
    path: "/conferences",
    word: "nav.conferences",
    icon: "people",
    needs: "conferences.view.own",
    role: "user",
    key: "c",
    isInRail: true,
    ...page(async () => (await import("../conferences/conferences-page.tsx")).ConferencesPage),
  },
  {
    path: "/events",
    word: "nav.events",
    icon: "list",
    needs: "calls.view.own",
    role: "user",
    key: "e",
    isInRail: true,
    ...page(async () => (await import("../events/events-page.tsx")).EventsPage),
  },
  {
    path: "/admin",
    word: "nav.admin",
    icon: "gear",
    needs: "system.configure",
    role: "admin",
    isInRail: true,
    ...page(async () => (await import("../admin/admin-page.tsx")).AdminPage),
  },
  {
    path: "/welcome",
    word: "nav.welcome",
    icon: "sun",
    needs: "system.configure",
    role: "admin",
    isInRail: false,
    ...page(async () => (await import("../welcome/welcome-page.tsx")).WelcomePage),
  },
  {
    path: "/settings",
    word: "nav.settings",
    icon: "sliders",
    needs: "none",
    role: "user",
    isInRail: false,
    ...page(async () => (await import("../settings/settings-page.tsx")).SettingsPage),
  },
];

export function visibleRoutes(permissions: ReadonlySet<Permission>): readonly AppRoute[] {
  return routes.filter(({ needs }) => permissions.has(needs));
}

/** The page at an address, for whoever may open it. */
export function routeAt(path: string): AppRoute | undefined {
  return routes.find((route) => path === route.path || path.startsWith(`${route.path}/`));
}

/** Where somebody begins (§2 of the design). */
export function startPath(role: Role): string {
  switch (role) {
    case "agent":
      return "/agent";
    case "supervisor":
      return "/supervisor";
    case "display":
      return "/wall";
    case "user":
    case "admin":
      return "/panel";
  }
}
