export {
  type CallFilter,
  type EntityKey,
  LiveModel,
  type LiveModelOptions,
  type Readable,
  type Reader,
} from "./live-model.ts";
export { mergeIn, outsideOf, replaceBy } from "./state-difference.ts";
