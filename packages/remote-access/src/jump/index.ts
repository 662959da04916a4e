export { type ChannelSocket, createChannel, type JumpChannel } from './channel.ts';
export { createLine, type JumpLine, type JumpServes, toRemoteFault } from './line.ts';
export { isProven, proveClient } from './proof.ts';
export {
  AboutMachine,
  ChannelNote,
  ChannelUse,
  channelProtocol,
  Enrolled,
  Enrolment,
  FileEntry,
  type JumpParams,
  type JumpResult,
  jumpLimits,
  jumpPaths,
  jumpProgram,
  jumpVersions,
  lineClosings,
  lineProtocol,
} from './protocol.ts';
