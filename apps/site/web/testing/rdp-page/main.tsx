import '@gatehouse/ui/styles.css';
import { UiProvider } from '@gatehouse/ui';
import { createRoot } from 'react-dom/client';
import { RdpReplay } from '../../src/console/RdpReplay.tsx';
import { RdpView } from '../../src/console/RdpView.tsx';

// One desktop and nothing else, for a test: live, or from a recording.
const root = document.getElementById('root');
const recording = () => fetch('/recording');
const asked = new URLSearchParams(location.search);
if (root !== null)
  createRoot(root).render(
    <UiProvider>
      <div className="room">
        {asked.has('recording') ? (
          <RdpReplay source={recording} isLive={false} />
        ) : (
          <RdpView
            url={`ws://${location.host}/desktop`}
            clipboard={asked.has('clipboard')}
            onOver={(reason) => document.body.setAttribute('data-over', reason)}
          />
        )}
      </div>
    </UiProvider>,
  );
