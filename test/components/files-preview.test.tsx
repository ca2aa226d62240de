import {expect, test} from 'vitest';
import {FilesPreview} from '../../components/FilesPreview.tsx';
import {keys, renderOnTerminal} from '../support/virtual-terminal.ts';
import {sampleFiles} from './scenes.tsx';

const {up, down, left, right, tab, shiftTab, home, end, pageDown} = keys;

async function screenAfter(chunk: string, isActive = true) {
	const terminal = renderOnTerminal(
		<FilesPreview folder="~/hello" files={sampleFiles} height={9} width={60} isActive={isActive} />
	);
	const screen = await terminal.press(chunk);
	terminal.app.unmount();
	return screen.split('\n');
}

test('the second file, from its start', async () => {
	expect(await screenAfter(right)).toEqual([
		' ~/hello',
		'   Kbuild    new',
		' ❯ hello.rs  exists already',
		' hello.rs, lines 1 to 5 of 30',
		'       line 1',
		'       line 2',
		'       line 3',
		'       line 4',
		'       line 5'
	]);
});

test.each([
	[tab, 'hello.rs, lines 1 to 5 of 30'],
	[shiftTab, 'hello.rs, lines 1 to 5 of 30'],
	[left, 'hello.rs, lines 1 to 5 of 30'],
	[right + right, 'Kbuild, lines 1 to 1 of 1'],
	[tab + tab, 'Kbuild, lines 1 to 1 of 1'],
	[right + down + down, 'hello.rs, lines 3 to 7 of 30'],
	[`${right}jjk`, 'hello.rs, lines 2 to 6 of 30'],
	[right + up, 'hello.rs, lines 1 to 5 of 30'],
	[right + pageDown, 'hello.rs, lines 6 to 10 of 30'],
	[right + end, 'hello.rs, lines 26 to 30 of 30'],
	[right + end + down + up, 'hello.rs, lines 25 to 29 of 30'],
	[right + end + home, 'hello.rs, lines 1 to 5 of 30'],
	[right + end + right + left, 'hello.rs, lines 1 to 5 of 30'],
	[down + down, 'Kbuild, lines 1 to 1 of 1']
])('%j in one chunk', async (chunk, expected) => {
	expect(await screenAfter(chunk)).toContain(` ${expected}`);
});

test('not active: no key counts', async () => {
	expect(await screenAfter(right, false)).toContain(' Kbuild, lines 1 to 1 of 1');
});

test('no files', async () => {
	const terminal = renderOnTerminal(<FilesPreview folder="~/hello" files={[]} height={9} width={60} isActive />);
	expect(await terminal.press(down + right)).toBe('~/hello: no files');
	terminal.app.unmount();
});
