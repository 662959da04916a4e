import { example } from '../testing/example.ts';

const at = (repositorySelection: string | null, permissions: Record<string, string>) =>
  ({
    stream: 'personal-access-tokens',
    type: 'pat',
    name: 'Deployer',
    status: 'active',
    attributes: { repositorySelection, permissions },
  }) as const;

export default example({
  found: ({ github }) => [github.credential('1', at('all', { contents: 'write', metadata: 'read' }))],
  clear: ({ github }) => {
    github.credential('some', at('selected', { contents: 'write' }));
    github.credential('reads', at('all', { contents: 'read', issues: 'write' }));
    github.credential('off', { ...at('all', { contents: 'write' }), status: 'inactive' });
  },
  unknown: ({ github }) => {
    github.credential('1', at(null, { contents: 'write' }));
  },
});
