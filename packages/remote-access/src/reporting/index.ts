export { openSend, type Send, type SiteAccess } from '../wire/send.ts';
export type {
  Actor,
  Choice,
  Customer,
  ListedSession,
  NamedValue,
  Question,
  Representative,
  Session,
  SessionEvent,
  SessionFile,
  Survey,
  SystemCategory,
} from './model.ts';
export { reporting } from './reports.ts';
