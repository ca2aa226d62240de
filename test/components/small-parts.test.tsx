import {renderToString} from 'ink';
import {describe, expect, test} from 'vitest';
import {CommandPreview} from '../../components/CommandPreview.tsx';
import {Facts} from '../../components/Facts.tsx';
import {KeyHints} from '../../components/KeyHints.tsx';
import {ProgressLine} from '../../components/ProgressLine.tsx';
import {Spinner} from '../../components/Spinner.tsx';
import {renderOnTerminal} from '../support/virtual-terminal.ts';
import {bootCommand, hints} from './scenes.tsx';

describe('CommandPreview', () => {
	const draw = (width: number, rows?: number) =>
		renderToString(
			<CommandPreview
				commands={[bootCommand, {text: 'reboot', root: true, why: 'starts it'}]}
				width={width}
				{...(rows === undefined ? {} : {rows})}
			/>,
			{columns: width}
		).split('\n');

	test('says root in a word where the command does not', () => {
		expect(draw(120)).toEqual([
			`   ${bootCommand.text}`,
			'   why: chooses what GRUB starts next time, and only next time',
			'   reboot',
			'   why, as root: starts it'
		]);
	});

	test.each([
		[4, '   why, as root: starts it'],
		[3, '   reboot'],
		[2, '   reboot'],
		[1, '   …and 2 more lines'],
		[0, '   …and 2 more lines']
	])('%i rows: reasons go first, and no command without being counted', (rows, last) => {
		const lines = draw(120, rows);
		expect(lines.at(-1)).toBe(last);
		expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows));
	});

	test('says who runs it where that is the user', () => {
		const commands = [
			{...bootCommand, byYou: true},
			{text: 'reboot', root: true, why: 'starts it', byYou: true}
		];
		expect(renderToString(<CommandPreview commands={commands} width={120} />, {columns: 120}).split('\n')).toEqual([
			`   ${bootCommand.text}`,
			'   for you to run: chooses what GRUB starts next time, and only next time',
			'   reboot',
			'   for you to run, as root: starts it'
		]);
	});

	test('the whole command can be read at any width', () => {
		for (let width = 1; width < 100; width++) {
			expect(draw(width).join('').replaceAll(' ', '')).toContain(bootCommand.text.replaceAll(' ', ''));
		}
	});
});

describe('KeyHints', () => {
	const draw = (width: number, ascii = false) =>
		renderToString(<KeyHints keys={hints} width={width} ascii={ascii} />, {columns: width});

	test.each([
		[80, ' ↑↓ choose  Enter do it  d details  b back  ? help  q quit'],
		[58, ' ↑↓ choose  Enter do it  d details  b back  ? help  q quit'],
		[57, ' ↑↓ choose  Enter do it  d details  b back  q quit'],
		[50, ' ↑↓ choose  Enter do it  d details  b back  q quit'],
		[49, ' ↑↓ choose  Enter do it  d details  q quit'],
		[42, ' ↑↓ choose  Enter do it  d details  q quit'],
		[41, ' ↑↓ choose  Enter do it  q quit'],
		[40, ' Enter d b ? q'],
		[12, ' Enter d b q'],
		[8, ' Enter q'],
		[3, ' q']
	])('%i columns', (width, expected) => {
		expect(draw(width)).toBe(expected);
	});

	test('without a q the last hint stays', () => {
		const keys = [
			{key: 'Enter', does: 'do it and everything that follows from it'},
			{key: 'Ctrl-C', does: 'stop'}
		];
		expect(renderToString(<KeyHints keys={keys} width={45} ascii={false} />, {columns: 45})).toBe(' Ctrl-C stop');
	});

	test('ASCII names the arrows', () => {
		expect(draw(80, true)).toMatch(/^ Up\/Down choose {2}Enter/);
	});
});

describe('Facts', () => {
	const rows = [
		{label: 'running', value: '6.18.7-arch1-1 and more words than fit'},
		{label: '', value: 'A sentence of its own.'}
	];

	test('values wrap in their own column', () => {
		expect(renderToString(<Facts rows={rows} width={30} />, {columns: 30})).toBe(
			[' running 6.18.7-arch1-1 and', '         more words than fit', ' A sentence of its own.'].join('\n')
		);
	});

	test('where the column would be too narrow they stand below', () => {
		expect(renderToString(<Facts rows={rows} width={18} />, {columns: 18})).toBe(
			['running:', '  6.18.7-arch1-1', '  and more words', '  than fit', 'A sentence of its', 'own.'].join('\n')
		);
	});
});

describe('ProgressLine', () => {
	const draw = (done: number | undefined, total: number | undefined) =>
		renderToString(
			<ProgressLine
				text="compiling"
				width={26}
				ascii
				{...(done === undefined ? {} : {done})}
				{...(total === undefined ? {} : {total})}
			/>,
			{columns: 26}
		);

	test.each([
		[0, 4, '--------------------'],
		[1, 4, '#####---------------'],
		[4, 4, '####################'],
		[9, 4, '####################'],
		[-1, 4, '--------------------']
	])('%i of %i', (done, total, bar) => {
		expect(draw(done, total)).toBe(`   compiling\n   ${bar}`);
	});

	test('no total, no bar', () => {
		expect(draw(3, undefined)).toBe('   compiling');
		expect(draw(3, 0)).toBe('   compiling');
	});

	test('a screen reader hears the share where the text does not tell it', async () => {
		const terminal = renderOnTerminal(<ProgressLine done={1} total={3} text="compiling" width={40} ascii={false} />, {
			isScreenReaderEnabled: true
		});
		expect(await terminal.settle()).toBe('progressbar: (busy) compiling, 33 %');
		terminal.app.unmount();
	});
});

describe('Spinner', () => {
	const wait = () => new Promise(resolve => setTimeout(resolve, 300));

	test('turns', async () => {
		const terminal = renderOnTerminal(<Spinner ascii />);
		expect(await terminal.settle()).toBe('|');
		await wait();
		terminal.app.unmount();
		expect(terminal.raw()).toContain('/');
	});

	test.each([
		['still', false, false, '*'],
		['for a screen reader', true, true, 'working']
	])('%s: one frame, no timer', async (_, isMoving, isScreenReaderEnabled, expected) => {
		const terminal = renderOnTerminal(<Spinner ascii isMoving={isMoving} />, {isScreenReaderEnabled});
		expect(await terminal.settle()).toBe(expected);
		const before = terminal.raw();
		await wait();
		expect(terminal.raw()).toBe(before);
		terminal.app.unmount();
	});
});
