export { type CommandAccess, type CommandAnswer, type CommandRequest, openSend, type Send } from './send.ts';
export { commandV1, type QueueName, type Rep, type SessionKeyWanted, type VirtualCustomer } from './v1.ts';
export { commandV2, type QueueV2 } from './v2.ts';
