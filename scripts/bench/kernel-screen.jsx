// The wizard's screen of a module that speaks, by itself: it follows the kernel log until Ctrl-C. Bundled by kernel-line.js.
import {render} from 'ink';
import {readKernelLine} from '../../src/actions/kernel-line.ts';
import {createLocalReader} from '../../src/machine/reader.ts';
import {createLocalRunner} from '../../src/machine/runner.ts';
import {createDesk, tell} from '../../src/ui/desk.ts';
import {KernelSpeaks} from '../../src/ui/KernelSpeaks.tsx';

const [name] = process.argv.slice(2);
const desk = createDesk();
let zero;
const hear = raw => {
	const heard = readKernelLine(raw, name, microseconds => {
		zero ??= microseconds;
		return zero;
	});
	if (heard !== undefined) tell(desk, {kind: 'kernel', line: heard.line});
};
const following = await createLocalRunner(createLocalReader()).followKernelLog(
	hear,
	() => {},
	async () => false
);
const app = render(
	<KernelSpeaks desk={desk} ascii={false} width={80} rows={24} load={{name, release: '7.2.13'}} phase="watching" />,
	{exitOnCtrlC: true, interactive: true, patchConsole: false, incrementalRendering: true}
);
await app.waitUntilExit();
following.close();
