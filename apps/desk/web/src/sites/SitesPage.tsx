import { EmptyState, Loaded, Page, RelativeTime, Section, useApi, useCrumbs } from '@gatehouse/ui';
import { IconServer } from '@tabler/icons-react';
import { AddButton } from '../parts/AddButton.tsx';
import classes from '../parts/Parts.module.css';
import { supportPaths } from '../support/paths.ts';

/** The sites of remote support that keys come from and sessions are read from. */
export function SitesPage() {
  useCrumbs({ title: 'Sites' });
  const sites = useApi(supportPaths.sites);
  const add = <AddButton href="/sites/new">Add site</AddButton>;
  return (
    <Page
      title="Sites"
      lead="Where session keys come from, and where sessions are read from when they have ended."
      actions={add}
    >
      <Section title="Sites of remote support" flush>
        <Loaded query={sites} rows={3}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={<IconServer size={28} stroke={1.5} />} title="No site yet" actions={add}>
                Make an API account on the site, with full access to the Command API and to reports of support sessions,
                and enter it here. Then connect a desk to the site.
              </EmptyState>
            ) : (
              <ul className={classes.plain} aria-label="Sites">
                {items.map(({ siteId, name, url, clientId, createdAt }) => (
                  <li key={siteId} className={classes.row}>
                    <a href={`/sites/${siteId}`}>{name}</a>
                    <span className={classes.quiet}>{url}</span>
                    <span className={classes.quiet}>{clientId}</span>
                    <span className={classes.quiet}>
                      <RelativeTime at={createdAt} />
                    </span>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
    </Page>
  );
}
