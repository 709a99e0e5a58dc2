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
}

const page = (load: () => Promise<ComponentType>): ComponentType => lazy(async () => ({ default: await load() }));

export const routes: readonly AppRoute[] = [
  {
    path: "/panel",
    word: "nav.panel",
    icon: "grid",
    needs: "presence.view",
    role: "user",
    key: "p",
    isInRail: true,
    view: page(async () => (await import("../panel/panel-page.tsx")).PanelPage),
  },
  {
    path: "/settings",
    word: "nav.settings",
    icon: "sliders",
    needs: "none",
    role: "user",
    isInRail: false,
    view: page(async () => (await import("../settings/settings-page.tsx")).SettingsPage),
  },
];

export function visibleRoutes(permissions: ReadonlySet<Permission>): readonly AppRoute[] {
  return routes.filter(({ needs }) => permissions.has(needs));
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
