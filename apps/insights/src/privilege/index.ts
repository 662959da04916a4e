export { type StreamCatalogue, toCatalogue } from './catalogue.ts';
export { authorityFact, leavesOutWhose, rightsOn, takesAnyName } from './certificates/authorities.ts';
export {
  carries,
  enrollingRights,
  isFalse,
  isForAgents,
  issues,
  isTrue,
  isTrusted,
  needsNoApproval,
  publishes,
  signsInAsAnybody,
  takesAgents,
  templateFlagRights,
} from './certificates/templates.ts';
export { certificateWays } from './certificates/ways.ts';
export { controlObject, enterGroup, takeOverAccount } from './control.ts';
export { listIn } from './delegation.ts';
export { derive } from './derive.ts';
export { giveTime } from './give-time.ts';
export { everybody } from './levels.ts';
export { migrations } from './migrations.ts';
export { readInBatches } from './read-in-batches.ts';
export { type ConnectionReads, isOffered, isReadable, readConnections } from './readable.ts';
