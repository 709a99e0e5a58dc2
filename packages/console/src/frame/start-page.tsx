import { useChannelStatus, useKeys } from "@pbx-x/client/react";
import { useLiveChannels } from "../live/use-live-channels.ts";
import { Redirect } from "wouter";
import { useMe } from "../session/me.ts";
import { startPath, visibleRoutes } from "./routes.ts";

/** Where somebody begins: by role; an administrator with the tour, until one phone has registered. */
export function StartPage() {
  const me = useMe();
  const open = visibleRoutes(me.permissions);
  const start = open.find(({ path }) => path === startPath(me.role)) ?? open[0];
  if (me.permissions.has("system.configure")) return <AdminStart />;
  return start === undefined ? null : <Redirect to={start.path} replace />;
}

function AdminStart() {
  useLiveChannels(["extensions"]);
  const { is } = useChannelStatus("extensions");
  const hasPhones = useKeys("registrations").length > 0;
  return is === "live" || is === "refused" ? <Redirect to={hasPhones ? "/panel" : "/welcome"} replace /> : null;
}
