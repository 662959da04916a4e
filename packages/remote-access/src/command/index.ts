export { openSend, type Send, type SiteAccess, type SiteAnswer, type SiteRequest } from '../wire/send.ts';
export { commandV1, type QueueName, type Rep, type SessionKeyWanted, type VirtualCustomer } from './v1.ts';
export { commandV2, type QueueV2 } from './v2.ts';
