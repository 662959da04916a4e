export {
  type Access,
  type Act,
  type ByProgram,
  type Principal,
  type ProgramAct,
  type TenantGrant,
  type TenantRole,
  tenantRoles,
} from './access.ts';
export type { FindTenantRole } from './access-check.ts';
export type { App, Reply, Request } from './app.ts';
export { AppLink, Apps, AppsSetting } from './apps.ts';
export {
  type AuditInput,
  type AuditPage,
  type AuditRow,
  audit,
  doAndAudit,
  listAudit,
  listSystemAudit,
} from './audit.ts';
export { closeAll } from './close-all.ts';
export { type EventOptions, type ServerEvent, sendEvents } from './events.ts';
export type { ReadyCheck } from './health.ts';
export { createLog, type Log } from './log.ts';
export { serverMigrations } from './migrations.ts';
export type { Network } from './network.ts';
export { operatorTokenPath } from './operator.ts';
export { type FieldError, Problem, ProblemBody, problems, toProblem } from './problem.ts';
export { openRelease, type Release } from './release.ts';
export { runProgram, type Started, startOptions } from './run-program.ts';
export { type Key, type KeyRing, loadKeys, parseKeys } from './sealing/key-ring.ts';
export { openFile, sealFile } from './sealing/sealed-file.ts';
export { createSealer, type SealContext, type Sealer } from './sealing/sealer.ts';
export { loadSigningKey, type SigningKey } from './sealing/signing-key.ts';
export { createServer, type Server, type ServerOptions } from './server.ts';
export { defaultPorts, given, programSettings, readSettings, SettingsError } from './settings.ts';
export { ApiKey, ApiKeyInput, NewApiKey } from './sign-in/api-keys.ts';
export type { OidcProvider, SignInOptions } from './sign-in/auth.ts';
export { beginAttempt, forgiveSignIns } from './sign-in/lock-out.ts';
export { Me, MeInput, MySession, Session } from './sign-in/me.ts';
export { hashPassword, Password, refusePassword, verifyPassword } from './sign-in/passwords.ts';
export { addPerson, findPeople, findPersonByEmail, type Person } from './sign-in/people.ts';
export { deletePerson, keepAdministrator, setPassword, switchPerson } from './sign-in/people-changes.ts';
export { InvitedPerson, PersonChange, PersonInput, PersonOfProgram } from './sign-in/people-routes.ts';
export type { Invited } from './sign-in/welcome.ts';
export { WelcomeCheck, WelcomeCheckInput, WelcomeInput } from './sign-in/welcome-routes.ts';
export { hashToken, newToken } from './tokens.ts';
export { type ServerSocket, type SocketListener, serveWebSocket, type WebSocketRoute } from './web-sockets.ts';
