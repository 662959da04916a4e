import { example } from '../testing/example.ts';

const on = (roleId: string | null) => ({ principalId: '1', roleId, resourceId: 'repo', privilege: 'high' }) as const;
const repository = { type: 'repository', name: 'acme/site', status: 'enabled' } as const;

export default example({
  found: ({ github }) => {
    github.resource('repo', repository);
    github.grant('g', on('repository-role:admin'));
    return [github.account('1', { login: 'contractor', type: 'guest' })];
  },
  clear: ({ github }) => {
    github.resource('repo', repository);
    github.grant('g1', on('repository-role:write'));
    github.account('1', { type: 'guest' });
    github.grant('g2', { ...on('repository-role:admin'), principalId: '2' });
    github.account('2', { type: 'user' });
  },
  unknown: ({ github }) => {
    github.grant('g', on(null));
    github.account('1', { type: 'guest' });
  },
});
