// Shows one part of the console by itself: `?view`, `?view&clipboard`, `?replay`, `?follow`.
import '@gatehouse/ui/styles.css';
import './page.css';
import { UiProvider } from '@gatehouse/ui';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { VncReplay } from '../../src/console/VncReplay.tsx';
import { VncView } from '../../src/console/VncView.tsx';

const asked = new URLSearchParams(location.search);
const recording = () => fetch('/recording');
const growing = () => fetch('/recording?follow');

function Part() {
  const [over, setOver] = useState<string | null>(null);
  if (asked.has('replay')) return <VncReplay source={recording} isLive={false} />;
  if (asked.has('follow')) return <VncReplay source={growing} isLive />;
  return (
    <>
      <VncView url={`ws://${location.host}/desktop`} clipboard={asked.has('clipboard')} onOver={setOver} />
      {over === null ? null : <p id="over">{over}</p>}
    </>
  );
}

const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <UiProvider>
      <main className="whole">
        <h1>VNC</h1>
        <Part />
      </main>
    </UiProvider>,
  );
