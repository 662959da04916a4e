import type { FakeAnswer, FakeVendor, SeenRequest } from '@gatehouse/connector-kit/testing';
import { answersOf } from './answers.ts';
import type { FakePerson, FakeRepository, FakeTeam, GithubOrganisation } from './organization.ts';

/** What the fake knows at this moment. */
export interface FakeState {
  organization: GithubOrganisation;
  answers: ReturnType<typeof answersOf>;
  /** Installation tokens, and when they end in milliseconds. */
  readonly tokens: Map<string, number>;
  readonly secrets: string[];
  /** Permissions that were taken from the app. */
  readonly denied: Set<string>;
  /** Seconds that the next refusal asks for; null: none is planned. */
  secondary: number | null;
}

export const change = (state: FakeState, more: Partial<GithubOrganisation>): void => {
  state.organization = { ...state.organization, ...more };
  state.answers = answersOf(state.organization);
};

export type Routes = Record<string, (request: SeenRequest) => FakeAnswer>;

export const words = (status: number, message: string): FakeAnswer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});

export const notFound = words(404, 'Not Found');

/** Where the fake was asked: at the root, or below /api/v3 like an Enterprise Server. */
export const apiOf = ({ origin, path }: SeenRequest) => `${origin}${path.startsWith('/api/v3') ? '/api/v3' : ''}`;

export type Tools = ReturnType<typeof toolsOf>;

/** What routes are made of: lists cut into pages, and things by the names in a path, GitHub's 404 where there is none. */
export const toolsOf = (vendor: FakeVendor, state: FakeState) => {
  const isHere = (login: string | undefined) => login?.toLowerCase() === state.organization.login.toLowerCase();
  const org = (request: SeenRequest, answer: () => FakeAnswer): FakeAnswer =>
    isHere(request.params.org) ? answer() : notFound;

  return {
    org,
    /** `name` is where the list stands in an answer that also has `total_count`. */
    list: <T>(request: SeenRequest, items: readonly T[], answer: (item: T) => unknown, name?: string): FakeAnswer =>
      vendor.page(request, items, {
        ...numbered,
        // Only what is shown is put into words: a page of a hundred, whatever the organization has.
        body(shown, total) {
          const told = (shown as readonly T[]).map(answer); // a cut of `items`
          return name === undefined ? told : { total_count: total, [name]: told };
        },
      }),
    person: (login: string): FakePerson => indexOf(state.organization.people).byLogin.get(login) ?? ghost,
    people: (logins: readonly string[]): readonly FakePerson[] => {
      const { byLogin } = indexOf(state.organization.people);
      return logins.flatMap((login) => byLogin.get(login) ?? []);
    },
    team: (request: SeenRequest, answer: (team: FakeTeam) => FakeAnswer): FakeAnswer =>
      org(request, () => {
        const found = state.organization.teams.find(({ slug }) => slug === request.params.slug);
        return found === undefined ? notFound : answer(found);
      }),
    repo: (request: SeenRequest, answer: (repository: FakeRepository) => FakeAnswer): FakeAnswer => {
      const { owner, repo = '' } = request.params;
      const found = repositoryOf(state.organization.repositories, repo);
      if (!isHere(owner)) return notFound;
      if (found !== undefined) return answer(found);
      const renamed = state.organization.repositories.find(({ formerName }) => formerName === repo);
      if (renamed === undefined) return notFound;
      const location = `${apiOf(request)}/repositories/${renamed.id}${request.path.split(`/${repo}`)[1] ?? ''}`;
      return { ...words(301, 'Moved Permanently'), headers: { location } };
    },
    /** Only some plans have it. */
    enterprise: (answer: () => FakeAnswer): FakeAnswer =>
      state.organization.plan === 'enterprise' ? answer() : notFound,
  };
};

/** Who GitHub shows in the place of people who deleted their account. */
const ghost: FakePerson = {
  id: 10_137,
  login: 'ghost',
  name: 'Deleted user',
  email: null,
  role: 'outside',
  secondFactor: 'none',
  createdAt: '2008-05-13T06:14:25Z',
};

const numbered = { size: { name: 'per_page', default: 30 }, cursor: { name: 'page', kind: 'number' } } as const;

interface Index {
  readonly byLogin: ReadonlyMap<string, FakePerson>;
  readonly byId: ReadonlyMap<number, FakePerson>;
}

const indexes = new WeakMap<readonly FakePerson[], Index>();

/** People by what they are called; made once for each list, because thousands are looked up. */
export const indexOf = (people: readonly FakePerson[]): Index => {
  const index = indexes.get(people) ?? {
    byLogin: new Map(people.map((person) => [person.login, person])),
    byId: new Map(people.map((person) => [person.id, person])),
  };
  indexes.set(people, index);
  return index;
};

const repositoryIndexes = new WeakMap<readonly FakeRepository[], ReadonlyMap<string, FakeRepository>>();

export const repositoryOf = (repositories: readonly FakeRepository[], name: string): FakeRepository | undefined => {
  const index = repositoryIndexes.get(repositories) ?? new Map(repositories.map((found) => [found.name, found]));
  repositoryIndexes.set(repositories, index);
  return index.get(name);
};
