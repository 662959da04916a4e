export { externalKeyName } from './attributes.ts';
export { readBlob } from './blobs/read-blob.ts';
export { findBlob, listBlobs } from './blobs/store.ts';
export { cannedMessages } from './canned-messages.ts';
export { closeConsoles, listSignedIn, type SignedIn, setStatus } from './consoles.ts';
export { listEvents, type SupportEvent, supportChannel } from './events.ts';
export type { Change } from './in-session.ts';
export { noteMachineInformation } from './information.ts';
export { isChatThere } from './kept-chat.ts';
export { writeInvitation } from './keys/invitation.ts';
export { makeKey } from './keys/make-key.ts';
export { redeemKey } from './keys/redeem.ts';
export { askForMachine, findMachine, returnMachine } from './lent-machine.ts';
export { insertShell, listShells, noteMachine } from './machine.ts';
export { migrations } from './migrations.ts';
export { openSupport, type Support } from './open-support.ts';
export { giveIssue, listCustomers, listParticipants, type Member, type Participant } from './participants.ts';
export { findQueue, isQueueAvailable, parseQueue, type Wanted } from './queues.ts';
export { findRights, type Rights } from './rights.ts';
export { findIn, requireMember, requirePast, requireRepresentative } from './see.ts';
export { serveSupport } from './serve-support.ts';
export {
  beginSession,
  changeSessionAttributes,
  endSession,
  joinSession,
  leaveSession,
  transferSession,
} from './sessions.ts';
export { findSession } from './store.ts';
export { endOverdue } from './time-limits.ts';
export { addNote, type Speaker, sayInSession } from './words.ts';
