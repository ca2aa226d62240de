import {expect, test, vi} from 'vitest';
import {renderOnTerminal} from '../support/virtual-terminal.ts';
import {scenes} from './scenes.tsx';

// What the program sets where NO_COLOR asks for it: chalk 6 knows FORCE_COLOR only, and looks once, when it is loaded.
vi.hoisted(() => {
	process.env.FORCE_COLOR = '0';
});

test.each(Object.entries(scenes))('%s: no colour, no weight, no inversion', async (_, scene) => {
	const terminal = renderOnTerminal(scene(80, 24, false));
	await terminal.settle();
	expect(terminal.raw()).not.toMatch(/\u001b\[[\d;]*m/);
	terminal.app.unmount();
});
