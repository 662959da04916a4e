export { mailMigration } from './migration.ts';
export { forgetMails, type MailState, type NewMail, putMail, summariseMails, toSubject } from './outbox.ts';
export { type MailRoom, type MailRoomParts, openMailRoom } from './room.ts';
export { serveMail } from './routes.ts';
