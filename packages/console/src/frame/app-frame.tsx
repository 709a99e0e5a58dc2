import { startTransition, Suspense, useEffect, useState } from "react";
import { Route, Switch, useLocation, useSearch } from "wouter";
import { useMissedOffers } from "../agent/missed-offer.ts";
import { CallDock } from "../dock/call-dock.tsx";
import { DragLayer } from "../drag/drag-layer.tsx";
import { KeyHandler } from "../keys/key-handler.tsx";
import { useIsLongStale } from "../live/stale.ts";
import { useChannels } from "@pbx-x/client/react";
import { RingController } from "../ring/ring-controller.tsx";
import { useMe } from "../session/me.ts";
import { TimelineSheet } from "../timeline/timeline-sheet.tsx";
import { Announcer } from "../ui/announcer.tsx";
import { Ask } from "../ui/ask.tsx";
import { Empty, Skeleton } from "../ui/page.tsx";
import { PageBoundary } from "../ui/page-boundary.tsx";
import { Toaster } from "../ui/toaster.tsx";
import { useWords } from "../words/use-words.ts";
import { Header } from "./header.tsx";
import { PausedBar } from "./paused-bar.tsx";
import { Rail } from "./rail.tsx";
import { type AppRoute, routes, visibleRoutes } from "./routes.ts";
import { StartPage } from "./start-page.tsx";
import { StaleBar, useTimersStop } from "./stale-bar.tsx";

/** What surrounds every page: rail, header, own calls. */
export function AppFrame() {
  const t = useWords();
  const me = useMe();
  const isDimmed = useIsLongStale();
  useChannels(me.permissions.has("system.view") ? ["me", "system"] : ["me"]);
  useMissedOffers();
  useTimersStop();
  const open = visibleRoutes(me.permissions);
  const [location] = useLocation();
  const search = useSearch();
  // The frame is on view first; the page is made in slices, between which the frame answers.
  const [isFramed, setFramed] = useState(false);
  useEffect(() => {
    startTransition(() => setFramed(true));
  }, []);
  const isKiosk = location.startsWith("/wall") && new URLSearchParams(search).get("kiosk") === "1";
  if (isKiosk)
    return (
      <main className="h-full">
        <PageBoundary location={location} fallback={<PageFailed />}>
          <Suspense fallback={<Skeleton />}>
            <WallRoute />
          </Suspense>
        </PageBoundary>
      </main>
    );
  return (
    <div className="grid h-full grid-cols-1 grid-rows-[auto_1fr_auto] sm:grid-cols-[92px_1fr]">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-base focus:p-2">
        {t("nav.skip")}
      </a>
      <Rail routes={open.filter(({ isInRail }) => isInRail)} />
      <div className="order-first sm:order-none">
        <Header />
        <StaleBar />
        <PausedBar />
      </div>
      <main
        id="content"
        tabIndex={-1}
        className={`min-h-0 overflow-auto outline-none sm:col-start-2 ${isDimmed ? "opacity-80" : ""}`}
      >
        {isFramed ? (
          <PageBoundary location={location} fallback={<PageFailed />}>
            <Suspense fallback={<Skeleton />}>
              <Switch>
                <Route path="/">
                  <StartPage />
                </Route>
                {routes.map((route) => (
                  <Route key={route.path} path={`${route.path}/*?`}>
                    {me.permissions.has(route.needs) ? <route.view /> : <NoPermission route={route} />}
                  </Route>
                ))}
                <Route>
                  <Empty icon="search" text={t("common.notFound")} />
                </Route>
              </Switch>
            </Suspense>
          </PageBoundary>
        ) : (
          <Skeleton />
        )}
      </main>
      <div className="sm:col-start-2">
        <CallDock />
      </div>
      <TimelineSheet />
      <DragLayer />
      <KeyHandler />
      <RingController />
      <Ask />
      <Toaster />
      <Announcer />
    </div>
  );
}

/** The wallboard alone, without anything to press ([U50]). */
function WallRoute() {
  const { permissions } = useMe();
  const wall = visibleRoutes(permissions).find(({ path }) => path === "/wall");
  return wall === undefined ? null : <wall.view />;
}

function PageFailed() {
  const t = useWords();
  return (
    <Empty icon="warning" text={t("common.pageFailed")}>
      <button type="button" className="btn btn-primary" onClick={() => globalThis.location.reload()}>
        {t("common.reload")}
      </button>
    </Empty>
  );
}

function NoPermission({ route }: { readonly route: AppRoute }) {
  const t = useWords();
  return (
    <Empty icon="lock" text={t("common.noPermission")}>
      <p>{t("common.noPermissionText", { role: t(`role.${route.role}`) })}</p>
    </Empty>
  );
}
