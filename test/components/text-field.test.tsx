import {describe, expect, test} from 'vitest';
import {Frame} from '../../components/Frame.tsx';
import {TextField} from '../../components/TextField.tsx';
import {cleanText} from '../../components/text-field-state.ts';
import {keys, renderOnTerminal} from '../support/virtual-terminal.ts';

const {left, right, home, end, backspace, enter} = keys;
const [ctrlA, ctrlE, ctrlU, ctrlW] = ['\u0001', '\u0005', '\u0015', '\u0017'];

const needsName = (value: string) =>
	/^[a-z]/.test(value) ? undefined : 'A module name starts with a small letter: type one.';

type Options = {
	readonly value?: string;
	readonly isActive?: boolean;
	readonly columns?: number;
	readonly isRead?: boolean;
};

function mount({value = '', isActive = true, columns = 80, isRead = false}: Options = {}) {
	const submitted: string[] = [];
	const cancelled: string[] = [];
	const tree = (active = isActive) => (
		<Frame rows={24} columns={columns}>
			<TextField
				label="Name of the module"
				value={value}
				placeholder="hello"
				validate={needsName}
				onSubmit={text => submitted.push(text)}
				onCancel={() => cancelled.push('cancelled')}
				isActive={active}
			/>
		</Frame>
	);
	return {submitted, cancelled, tree, ...renderOnTerminal(tree(), {columns, isScreenReaderEnabled: isRead})};
}

test.each([
	['abc⏎', `abc${enter}`, 'abc'],
	['acd←←b⏎', `acd${left}${left}b${enter}`, 'abcd'],
	['a⏎⏎', `a${enter}${enter}`, 'a'],
	['bc^Aa⏎', `bc${ctrlA}a${enter}`, 'abc'],
	['bc Home a End d ⏎', `bc${home}a${end}d${enter}`, 'abcd'],
	['ab^A→x^Ey⏎', `ab${ctrlA}${right}x${ctrlE}y${enter}`, 'axby'],
	['xyz←^Ua⏎', `xyz${left}${ctrlU}a${enter}`, 'az'],
	['one two ^W⏎', `one two ${ctrlW}${enter}`, 'one '],
	['ab⌫c⏎', `ab${backspace}c${enter}`, 'ac'],
	['ab←Delete⏎', `ab${left}${keys.delete}${enter}`, 'a'],
	['a👩‍💻⌫b⏎ takes the whole emoji', `a👩‍💻${backspace}b${enter}`, 'ab'],
	['ae\u0301←⌫: one character, two code points', `bae\u0301${left}${backspace}${enter}`, 'be\u0301'],
	['← → beyond the ends', `${left}a${right}${right}b${enter}`, 'ab'],
	['paste ⏎', `${keys.paste('hello_world')}${enter}`, 'hello_world']
])('%s in one chunk', async (_, chunk, expected) => {
	const field = mount();
	await field.press(chunk);
	expect(field.submitted).toEqual([expected]);
	field.app.unmount();
});

describe('paste', () => {
	test.each([
		['one\ntwo\r\nthree\n', 'one two three'],
		['\n\n', ''],
		['a\u001b[31mb\u0007\u009b', 'a[31mb'],
		['a\u202eb\u200bc', 'abc'],
		['\ttabbed\there', 'tabbed here']
	])('%j never submits', async (text, expected) => {
		const field = mount();
		await field.press(keys.paste(text));
		expect(field.submitted).toEqual([]);
		await field.press(`${ctrlA}z${enter}`);
		expect(field.submitted).toEqual([`z${expected}`]);
		field.app.unmount();
	});
});

test('what is not valid is not submitted; the sentence goes when it is mended', async () => {
	const field = mount();
	expect(await field.press(`9${enter}${enter}`)).toBe(
		['Name of the module', ' ❯ 9', '   A module name starts with a small letter: type one.'].join('\n')
	);
	expect(field.submitted).toEqual([]);
	expect(await field.press(`${ctrlA}n`)).toBe('Name of the module\n ❯ n9');
	await field.press(enter);
	expect(field.submitted).toEqual(['n9']);
	field.app.unmount();
});

test('no sentence before the first Enter', async () => {
	const field = mount();
	expect(await field.press('9')).not.toContain('small letter');
	field.app.unmount();
});

test('Escape cancels once, and then nothing counts', async () => {
	const field = mount({value: 'x'});
	await field.press('\u001b');
	// Ink waits 20 ms for the rest of a sequence before a lone Escape is one.
	await new Promise(resolve => setTimeout(resolve, 40));
	await field.press(enter);
	expect(field.cancelled).toEqual(['cancelled']);
	expect(field.submitted).toEqual([]);
	field.app.unmount();
});

test('a submitted field is deaf until it was inactive', async () => {
	const field = mount({value: 'x'});
	await field.press(enter);
	await field.press(`y${enter}`);
	expect(field.submitted).toEqual(['x']);
	field.app.rerender(field.tree(false));
	await field.press('z');
	field.app.rerender(field.tree(true));
	await field.press(`y${enter}`);
	expect(field.submitted).toEqual(['x', 'xy']);
	field.app.unmount();
});

describe("the terminal's own cursor", () => {
	test('stands where the next character goes', async () => {
		const field = mount({value: 'ab漢'});
		await field.settle();
		expect(field.cursor()).toEqual({x: 7, y: 1});
		await field.press(left);
		expect(field.cursor()).toEqual({x: 5, y: 1});
		await field.press(home);
		expect(field.cursor()).toEqual({x: 3, y: 1});
		expect(field.raw()).toContain('\u001b[?25h');
		field.app.unmount();
	});

	test('is not shown by a field that is not active', async () => {
		const field = mount({value: 'ab', isActive: false});
		await field.settle();
		expect(field.raw()).not.toContain('\u001b[?25h');
		field.app.unmount();
	});

	test('a text that is too long scrolls under it', async () => {
		const field = mount({value: 'abcdefghijklmnopqrstuvwxyz', columns: 20});
		expect(await field.settle()).toBe('Name of the module\n ❯ klmnopqrstuvwxyz');
		expect(field.cursor()).toEqual({x: 19, y: 1});
		expect(await field.press(home)).toBe('Name of the module\n ❯ abcdefghijklmnop');
		field.app.unmount();
	});
});

test('the example shows while the field is empty', async () => {
	const field = mount();
	expect(await field.settle()).toBe('Name of the module\n ❯ for example hello');
	expect(await field.press('x')).toBe('Name of the module\n ❯ x');
	field.app.unmount();
});

test('a screen reader hears label, value and what is wrong', async () => {
	const field = mount({isRead: true});
	expect(await field.settle()).toBe('textbox: Name of the module: empty, for example hello');
	expect(await field.press(`9${enter}`)).toBe(
		'textbox: Name of the module: 9\nA module name starts with a small letter: type one.'
	);
	field.app.unmount();
});

test('cleanText keeps emoji whole', () => {
	expect(cleanText('👩‍💻\u0000\u2066é')).toBe('👩‍💻é');
});
