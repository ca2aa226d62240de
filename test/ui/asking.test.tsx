import {describe, expect, test} from 'vitest';
import {keys} from '../support/virtual-terminal.ts';
import {bootDecision, moduleDecision, openApp, run, withAction} from './fake-walk.tsx';

const rowsOf = (screen: string) => screen.split('\n').map(row => row.trimEnd());

async function asking(given: Omit<Parameters<typeof openApp>[0], 'looks'> = {}) {
	const app = openApp({looks: [moduleDecision], ...given});
	await app.settle();
	await app.press(keys.enter);
	return app;
}

describe('a question', () => {
	test('80x24', async () => {
		const app = await asking();
		expect(rowsOf(app.screen())).toEqual([
			'Start from the template hello',
			'The smallest whole module.',
			'',
			'Name of the module',
			' ❯ hello',
			'',
			' Enter go on  Esc back  Ctrl-C quit'
		]);
		app.app.unmount();
	});

	test('20x5 leaves out what is not the question', async () => {
		const app = await asking({columns: 20, rows: 5});
		expect(rowsOf(app.screen())).toEqual(['Name of the module', ' ❯ hello', ' Enter Esc Ctrl-C']);
		app.app.unmount();
	});

	test('for a screen reader', async () => {
		const app = await asking({isRead: true});
		expect(rowsOf(app.screen()).slice(-6)).toEqual([
			'Start from the template hello',
			'The smallest whole module.',
			'',
			'textbox: Name of the module: hello',
			'',
			'keys: Enter go on, Esc back, Ctrl-C quit'
		]);
		app.app.unmount();
	});

	test('a value that will not do is answered with a sentence, and can be mended', async () => {
		const app = await asking();
		expect(await app.press('-9\r')).toContain(' ❯ hello-9\n   "hello-9" is no name for a module.');
		expect(await app.press(`${keys.backspace}${keys.backspace}`)).not.toContain('is no name');
		expect(await app.press('\r')).toContain('Folder\n ❯ /home/me/hello');
		app.app.unmount();
	});

	test('a pasted line break answers nothing', async () => {
		const app = await asking();
		expect(await app.press(keys.paste('_two\n'))).toContain('Name of the module\n ❯ hello_two');
		app.app.unmount();
	});

	test('letters that are keys elsewhere are text here; Esc goes back', async () => {
		const app = await asking();
		expect(await app.press('bdq?')).toContain(' ❯ hellobdq?');
		expect(await app.press('\u001b')).toContain('There is no module yet. What shall the first one be?');
		app.app.unmount();
	});

	test('where the answers do not fit together, they are asked again as they were typed', async () => {
		const app = await asking();
		await app.press('\u0015taken\r');
		const again = await app.press('\r');
		expect(again).toContain('Name of the module\n ❯ taken\nA module of that name is loaded already.');
		app.app.unmount();
	});
});

describe('before anything is written', () => {
	test('the files are shown, and Enter writes them once', async () => {
		const app = await asking();
		await app.press('\r');
		const files = await app.press('\r');
		expect(rowsOf(files)).toEqual([
			' /home/me/hello',
			' ❯ Kbuild    new',
			'   hello.rs  new',
			' Kbuild, lines 1 to 1 of 1',
			'   obj-m := hello.o',
			' Enter write them  ←→ file  ↑↓ scroll  b back  ? help  q quit'
		]);
		expect(await app.press(keys.right)).toContain(' hello.rs, lines 1 to 3 of 3\n   //! A module.');
		expect(app.runs).toEqual([]);
		await app.press('\r\r');
		expect(app.runs).toHaveLength(1);
		expect(app.runs[0]?.actions).toMatchObject([{kind: 'write', folder: '/home/me/hello'}]);
		app.app.unmount();
	});

	test('the command that runs when they are written stands below them, with its reason', async () => {
		const git = run('git init --quiet /home/me/hello', 'makes the new folder a git repository', 'user');
		const looks = [withAction(moduleDecision, git)];
		const app = openApp({looks});
		await app.settle();
		await app.press('\r');
		await app.press('\r');
		expect(rowsOf(await app.press('\r'))).toEqual([
			' /home/me/hello',
			' ❯ Kbuild    new',
			'   hello.rs  new',
			' Kbuild, lines 1 to 1 of 1',
			'   obj-m := hello.o',
			'',
			'   git init --quiet /home/me/hello',
			'   why: makes the new folder a git repository',
			' Enter write them  ←→ file  ↑↓ scroll  b back  ? help  q quit'
		]);
		app.app.unmount();
		const small = openApp({looks, columns: 40, rows: 12});
		await small.settle();
		await small.press('\r');
		await small.press('\r');
		const rows = rowsOf(await small.press('\r'));
		expect(rows).toContain(' git init --quiet /home/me/hello');
		expect(rows.length).toBeLessThan(12);
		small.app.unmount();
	});

	test('b goes back, and nothing is written', async () => {
		const app = await asking();
		await app.press('\r');
		await app.press('\r');
		expect(await app.press('b')).toContain('What shall the first one be?');
		expect(app.runs).toEqual([]);
		app.app.unmount();
	});
});

describe('what only the user can do', () => {
	async function instructions(given: Omit<Parameters<typeof openApp>[0], 'looks'> = {}) {
		const app = openApp({looks: [bootDecision, moduleDecision], ...given});
		await app.settle();
		await app.press('3\r');
		return app;
	}

	test('80x24: the command is shown and not run; Enter looks again', async () => {
		const app = await instructions();
		expect(rowsOf(app.screen())).toEqual([
			'Reboot',
			'This is for you to do, in a terminal of your own; nothing runs from here.',
			'',
			'   sudo reboot',
			'   for you to run: starts the machine anew',
			'',
			'Close your work first; the walk goes on here afterwards.',
			'',
			' Enter done, look again  b back  ? help  q quit'
		]);
		expect(await app.press('\r')).toContain('There is no module yet.');
		expect(app.runs).toEqual([]);
		app.app.unmount();
	});

	test('30x8 scrolls, with the keys in sight', async () => {
		const app = await instructions({columns: 30, rows: 8});
		expect(rowsOf(app.screen())).toEqual([
			'Reboot',
			'This is for you to do, in a',
			'terminal of your own; nothing',
			'runs from here.',
			'',
			' lines 1 to 5 of 11',
			' Enter b ? q'
		]);
		expect(await app.press(keys.end)).toContain('Close your work first;');
		app.app.unmount();
	});
});
