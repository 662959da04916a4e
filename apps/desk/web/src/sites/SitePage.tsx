import { Loaded, Page, useApi, useCrumbs, useRefresh } from '@gatehouse/ui';
import { useRouter } from '@tanstack/react-router';
import { useParam } from '../parts/address.ts';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { type Site, supportPaths } from '../support/paths.ts';
import { SiteForm } from './SiteForm.tsx';

const way = { title: 'Sites', href: '/sites' };

/** One site; with the id `new` an empty one. */
export function SitePage() {
  const siteId = useParam('siteId');
  return siteId === 'new' ? <NewSite /> : <KnownSite key={siteId} siteId={siteId} />;
}

function NewSite() {
  useCrumbs(way, { title: 'Add site' });
  const { history } = useRouter();
  return (
    <Page title="Add site" lead="One of Gatehouse, or an appliance that speaks the same API.">
      <SiteForm onDone={({ siteId }) => history.replace(`/sites/${siteId}`)} />
    </Page>
  );
}

function KnownSite({ siteId }: { siteId: string }) {
  const site = useApi(supportPaths.site(siteId));
  useCrumbs(way, { title: site.data?.name ?? '…' });
  return (
    <Loaded query={site} rows={5} height={44}>
      {(found) => <Known site={found} />}
    </Loaded>
  );
}

function Known({ site }: { site: Site }) {
  const { history } = useRouter();
  const refresh = useRefresh();
  const path = supportPaths.site(site.siteId);
  return (
    <Page
      title={site.name}
      lead={site.url}
      actions={
        <RemoveButton
          path={path}
          title={`Remove ${site.name}?`}
          action="Remove site"
          done="Site removed."
          refresh={[]}
          onDone={() => {
            void refresh('/api/sites', path);
            history.push('/sites');
          }}
        >
          What is entered here is forgotten; the site itself stays as it is. Connections that use it are removed first.
        </RemoveButton>
      }
    >
      <SiteForm site={site} />
    </Page>
  );
}
