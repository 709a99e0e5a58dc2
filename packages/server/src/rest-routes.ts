import type { FastifyInstance } from "fastify";
import { type AlertRoutesOptions, createAlertRoutes } from "./alerts/alert-routes.ts";
import { type AnnouncementRoutesOptions, createAnnouncementRoutes } from "./announcements/announcement-routes.ts";
import { type AuthRoutesOptions, createAuthRoutes } from "./auth/auth-routes.ts";
import { type CallActionRoutesOptions, createCallActionRoutes } from "./calls/call-action-routes.ts";
import { type CallRoutesOptions, createCallRoutes } from "./calls/call-routes.ts";
import { createDeviceRoutes, type DeviceRoutesOptions } from "./provisioning/device-routes.ts";
import { type ConferenceRoutesOptions, createConferenceRoutes } from "./conferences/conference-routes.ts";
import { createExtensionRoutes, type ExtensionRoutesOptions } from "./extensions/extension-routes.ts";
import { createRecordingRoutes, type RecordingRoutesOptions } from "./recordings/recording-routes.ts";
import { createParkingRoutes, type ParkingRoutesOptions } from "./parking/parking-routes.ts";
import { createExplainRoutes, type ExplainRoutesOptions } from "./routing/explain-routes.ts";
import { createRoutingRoutes, type RoutingRoutesOptions } from "./routing/routing-routes.ts";
import { createPromptRoutes, type PromptRoutesOptions } from "./prompts/prompt-routes.ts";
import { type CallbackRoutesOptions, createCallbackRoutes } from "./queues/callback-routes.ts";
import { createQueueRoutes, type QueueRoutesOptions } from "./queues/queue-routes.ts";
import { createStateRoutes, type StateRoutesOptions } from "./realtime/state-routes.ts";
import { createPresenceRoutes, type PresenceRoutesOptions } from "./presence/presence-routes.ts";
import { createAuditRoutes } from "./rest/audit-routes.ts";
import type { AuditLog } from "./storage/audit-log.ts";
import { createTrunkRoutes, type TrunkRoutesOptions } from "./trunks/trunk-routes.ts";
import { createGreetingRoutes, type GreetingRoutesOptions } from "./voicemail/greeting-routes.ts";
import { createVoicemailRoutes, type VoicemailRoutesOptions } from "./voicemail/voicemail-routes.ts";
import { createUserRoutes, type UserRoutesOptions } from "./users/user-routes.ts";
import { createWebhookRoutes, type WebhookRoutesOptions } from "./webhooks/webhook-routes.ts";

export type RestRoutesParts = AuthRoutesOptions &
  UserRoutesOptions &
  ExtensionRoutesOptions &
  CallRoutesOptions &
  CallActionRoutesOptions &
  RecordingRoutesOptions &
  VoicemailRoutesOptions &
  GreetingRoutesOptions &
  AnnouncementRoutesOptions &
  PromptRoutesOptions &
  TrunkRoutesOptions &
  StateRoutesOptions &
  ParkingRoutesOptions &
  QueueRoutesOptions &
  CallbackRoutesOptions &
  ConferenceRoutesOptions &
  RoutingRoutesOptions &
  ExplainRoutesOptions &
  AlertRoutesOptions &
  WebhookRoutesOptions &
  DeviceRoutesOptions &
  PresenceRoutesOptions & { readonly audit: AuditLog };

/** The routes of all slices below `/api/v1`. */
export function createRestRoutes(parts: RestRoutesParts): readonly ((app: FastifyInstance) => void)[] {
  return [
    createAuthRoutes(parts),
    createExtensionRoutes(parts),
    createCallRoutes(parts),
    createCallActionRoutes(parts),
    createRecordingRoutes(parts),
    createVoicemailRoutes(parts),
    createGreetingRoutes(parts),
    createAnnouncementRoutes(parts),
    createPromptRoutes(parts),
    createTrunkRoutes(parts),
    createParkingRoutes(parts),
    createQueueRoutes(parts),
    createCallbackRoutes(parts),
    createConferenceRoutes(parts),
    createRoutingRoutes(parts),
    createExplainRoutes(parts),
    createStateRoutes(parts),
    createUserRoutes(parts),
    createPresenceRoutes(parts),
    createAuditRoutes(parts.audit),
    createAlertRoutes(parts),
    createWebhookRoutes(parts),
    createDeviceRoutes(parts),
  ];
}
