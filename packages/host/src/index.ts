export { cookieHeader, headerText, keepCookies } from './cookies.ts';
export { createHost, type HostOptions, type KnownLimit, type RunHost } from './create-host.ts';
export { type Download, type DownloadOptions, openDownload } from './download.ts';
export type { ArrivingLog, EventLogPart, EventLogQuery, EventLogs, WindowsEventLogs } from './event-logs/event-logs.ts';
export type { LogLine } from './exchange.ts';
export type { FileEntry, Files } from './files/files.ts';
export { type FilesOptions, openFiles } from './files/open-files.ts';
export type {
  Answer,
  AnswerHead,
  Explanation,
  Host,
  Http,
  HttpOptions,
  LimitState,
  OutgoingRequest,
  Refusal,
  RequestOptions,
  Wait,
} from './host.ts';
export { inTurns } from './in-turns.ts';
export { elements as derElements, headAt as derHead, Malformed, reader as derReader } from './ldap/ber.ts';
export { filterValue } from './ldap/filter.ts';
export type {
  DirSync,
  Ldap,
  LdapBounds,
  LdapChange,
  LdapControls,
  LdapEntry,
  LdapOptions,
  LdapPage,
  LdapQuery,
  RootDse,
} from './ldap/ldap.ts';
export { ldapCodeOf, windowsCodeOf } from './ldap/result-faults.ts';
export { isHeaderText, isMailAddress, type MailAddress } from './mail/addresses.ts';
export type { Mail, MailBounds, Mailer, MailSecurity, MailSent, MailServer } from './mail/mail.ts';
export { type MailProblem, mailProblemOf } from './mail/mail-faults.ts';
export { type MailSurroundings, openMailer } from './mail/open-mailer.ts';
export type { Cursor, Page, Whole } from './page.ts';
export { nextLink } from './pinning.ts';
export { derElement, derInteger } from './rdp/der.ts';
export { openRdp, type RdpSurroundings } from './rdp/open-rdp.ts';
export type { Rdp, RdpAccount, RdpBounds, RdpOptions, RdpTrust } from './rdp/rdp.ts';
export { type Readable, readable } from './readable.ts';
export { isSecretName, isSecretShaped, redact } from './redact.ts';
export { openRegistry, type RegistryOptions } from './registry/open-registry.ts';
export type { Registry, RegistryKey, RegistryTree, RegistryValue } from './registry/registry.ts';
export { openSsh, type SshSurroundings } from './ssh/open-ssh.ts';
export type {
  Answerer,
  ExecOptions,
  ExecResult,
  HostKey,
  HostTrust,
  Ssh,
  SshBounds,
  SshOptions,
  SshProof,
  SshQuestion,
  SshTerminal,
  TerminalOptions,
  TerminalSize,
} from './ssh/ssh.ts';
export { type SshProblem, sshProblemOf } from './ssh/ssh-faults.ts';
export type { SshFile, SshFiles } from './ssh/ssh-files.ts';
export { makeSshKey, publicKeyOf, type SshKeyPair, type SshPublicKey } from './ssh/ssh-keys.ts';
export { openVnc, type VncSurroundings } from './vnc/open-vnc.ts';
export { pixelFormatOf } from './vnc/server-init.ts';
export type { PixelFormat, Vnc, VncBounds, VncOptions, VncScreen, VncSecurity, VncTrust } from './vnc/vnc.ts';
export { findReceiver, isPrivate, type Resolve } from './webhooks/receiver.ts';
export { newWebhookSecret, sign } from './webhooks/signature.ts';
export { openWebSocket } from './websocket/open-websocket.ts';
export type { WebSocketClosed, WebSocketConnection, WebSocketOptions } from './websocket/websocket.ts';
export { asFault, resumesAt, statusOf } from './words.ts';
