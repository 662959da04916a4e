import { EmptyState, Loaded, Pager, SearchBox, Section, useApi } from '@gatehouse/ui';
import { listQuery, useTableView } from '../address.ts';
import { paths } from '../api/paths.ts';
import { GrantPaths } from './GrantPaths.tsx';

const pageSize = 50;

interface GrantsTabProps {
  tenantId: string;
  kind: string;
  holder: string;
  /** Connection, stream and id of the holder. */
  address: URLSearchParams;
}

/** Every way by which a record holds a role, page by page, found by the names on it. */
export function GrantsTab({ tenantId, kind, holder, address }: GrantsTabProps) {
  const [view, setView] = useTableView();
  const asked = listQuery(
    { ...view, filters: [], sort: null },
    { ...Object.fromEntries(address), limit: `${pageSize}` },
  );
  const grants = useApi(paths.grants(tenantId, kind, asked), { keep: true });
  return (
    <Section
      title="Grants"
      lead="Every way a role is held, from here to what it opens."
      actions={
        <SearchBox
          label="Search grants"
          value={view.search}
          onSearch={(search) => setView({ ...view, search, cursor: null, before: [] })}
        />
      }
    >
      <Loaded query={grants} rows={4} height={70}>
        {(page) => (
          <>
            {page.items.length === 0 && view.search !== '' ? (
              <EmptyState title="Nothing matches">Change the search.</EmptyState>
            ) : (
              <GrantPaths tenantId={tenantId} holder={holder} grants={page.items} />
            )}
            <Pager view={view} page={page} pageSize={pageSize} onView={setView} />
          </>
        )}
      </Loaded>
    </Section>
  );
}
