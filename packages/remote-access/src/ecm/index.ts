export type { CallOptions } from './calls.ts';
export { EcmError, type ErrorKind, errorCodes, mayRepeat, toEcmError, toFaultKind } from './errors.ts';
export { closings, ecmPath, limits, protocolVersions, subprotocol } from './limits.ts';
export {
  EcmEndpoint,
  EcmListing,
  endpointProtocols,
  type Method,
  type Params,
  type Result,
  Sealed,
  type Side,
} from './messages.ts';
export { createPeer, type Peer, type PeerOptions, type Serves } from './peer.ts';
export {
  createSessionKey,
  createSessionKeys,
  type HandedCredential,
  prepareSeal,
  type Seal,
  type SealContext,
  type SessionKey,
  sealCredential,
} from './sealing.ts';
export type { Asked } from './serving.ts';
