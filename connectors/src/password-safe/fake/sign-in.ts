import type { FakeAnswer, SeenRequest } from '@gatehouse/connector-kit/fake';

export interface SignInOptions {
  /** Asked for by the API registration; null: not asked for. Default: none. */
  readonly password?: string | null;
  readonly runAs?: string;
}

export interface SignInState {
  readonly settings: { apiKey: string; runAs: string; password?: string };
  readonly secrets: readonly string[];
  /** How often somebody was let in. */
  readonly entered: number;
  /** Sessions that are open. */
  readonly open: ReadonlySet<string>;
  /** Every session is forgotten, as after 20 minutes of silence or a restart. */
  forget(): void;
  /** From now on sign-ins are answered so; null: as they should be. */
  answer: FakeAnswer | null;
}

interface SignIn extends SignInState {
  enter(request: SeenRequest): FakeAnswer;
  leave(request: SeenRequest): FakeAnswer;
  /** Why a request to sign in is refused; null when it is right. */
  refusal(request: SeenRequest): FakeAnswer | null;
  isKnown(request: SeenRequest): boolean;
}

const key = `${'0123456789abcdef'.repeat(7)}c0ffee0123456789`;

/** The door of a fake: one API registration with one run-as user. */
export const createSignIn = ({ password = null, runAs = 'CORP\\gatehouse' }: SignInOptions): SignIn => {
  const open = new Set<string>();
  const given: string[] = [];
  const wanted = `PS-Auth key=${key}; runas=${runAs};${password === null ? '' : ` pwd=[${password}];`}`;
  const sessionOf = ({ headers }: SeenRequest) => /ASP\.NET_SessionId=([^;]+)/.exec(headers.cookie ?? '')?.[1] ?? '';
  const state: SignIn = {
    ...{ open, answer: null, entered: 0 },
    settings: { apiKey: key, runAs, ...(password !== null && { password }) },
    get secrets() {
      return [key, ...given, ...(password === null ? [] : [password])];
    },
    forget: () => open.clear(),
    enter(request) {
      if (state.answer !== null) return state.answer;
      if (state.refusal(request) !== null) return { status: 401, body: 'Unauthorized' };
      const session = `session-cookie-${given.length + 1}-of-the-fake`;
      given.push(session);
      open.add(session);
      Object.assign(state, { entered: given.length });
      return {
        headers: { 'set-cookie': `ASP.NET_SessionId=${session}; path=/; secure; HttpOnly; SameSite=Lax` },
        body: { UserId: 6, SID: null, EmailAddress: 'gatehouse@corp.example', UserName: runAs, Name: 'Gatehouse' },
      };
    },
    leave(request) {
      open.delete(sessionOf(request));
      return {};
    },
    refusal: ({ headers }) => {
      // A header holds bytes; the server reads them as UTF-8.
      const said = new TextDecoder().decode(
        Uint8Array.from(headers.authorization ?? '', (letter) => letter.charCodeAt(0)),
      );
      return said === wanted ? null : { status: 401, body: 'Unauthorized' };
    },
    isKnown: (request) => open.has(sessionOf(request)),
  };
  return state;
};
