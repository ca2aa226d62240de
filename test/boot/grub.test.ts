import {readFileSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {grubEntryFor, parseGrubEnvironment, parseGrubMenu} from '../../src/boot/grub.ts';

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/boot/${name}`, import.meta.url), 'utf8');
const menu = parseGrubMenu(fixture('grub-2.12.cfg'));
const advanced = 'Advanced options for Arch GNU/Linux';

describe('a menu that grub-mkconfig wrote', () => {
	test('its entries, with the names that grub-reboot takes', () => {
		expect(menu.entries.map(({name, position, image}) => [name, position, image])).toEqual([
			['Arch GNU/Linux', '0', '/boot/vmlinuz-linux-rust'],
			[`${advanced}>Arch GNU/Linux, with Linux rust`, '1>0', '/boot/vmlinuz-linux-rust'],
			[`${advanced}>Arch GNU/Linux, with Linux rust (recovery mode)`, '1>1', '/boot/vmlinuz-linux-rust'],
			[`${advanced}>Arch GNU/Linux, with Linux linux`, '1>2', '/boot/vmlinuz-linux'],
			[`${advanced}>Arch GNU/Linux, with Linux linux (recovery mode)`, '1>3', '/boot/vmlinuz-linux']
		]);
		expect(menu.entries[3]?.id).toBe(
			'gnulinux-advanced-11111111-2222-3333-4444-555555555555>gnulinux-linux-advanced-11111111-2222-3333-4444-555555555555'
		);
	});

	test('how it chooses', () => {
		expect(menu).toMatchObject({usesSaved: true, asksOnce: true, readsEntryFiles: false});
		const fixed = parseGrubMenu(
			fixture('grub-2.12.cfg').replace(/set default="\$\{saved_entry\}"/, 'set default="1>2"')
		);
		expect(fixed).toMatchObject({usesSaved: false, fallback: '1>2', asksOnce: true});
	});

	test.each([
		['', '0'],
		['0', '0'],
		['1', '1>0'],
		['1>2', '1>2'],
		[`${advanced}>Arch GNU/Linux, with Linux linux`, '1>2'],
		['gnulinux-advanced-11111111-2222-3333-4444-555555555555>2', '1>2'],
		['a title that is gone', '0']
	])('the default %j starts entry %s', (value, position) => {
		expect(grubEntryFor(menu.entries, value)?.position).toBe(position);
	});
});

test('titles in quotes of any kind', () => {
	const {entries} = parseGrubMenu(
		`menuentry 'Ann'\\''s "Linux"' --id=a {\n linux /vmlinuz-a\n}\nmenuentry "Her \\"other\\" one" --id b {\n\tlinuxefi /vmlinuz-b ro\n}\nmenuentry 'Firmware' { fwsetup\n}`
	);
	expect(entries).toEqual([
		{name: `Ann's "Linux"`, id: undefined, position: '0', image: '/vmlinuz-a'},
		{name: 'Her "other" one', id: 'b', position: '1', image: '/vmlinuz-b'}
	]);
});

test('the environment block', () => {
	expect([...parseGrubEnvironment(fixture('grubenv-once'))]).toEqual([
		['saved_entry', `${advanced}>Arch GNU/Linux, with Linux linux`],
		['next_entry', `${advanced}>Arch GNU/Linux, with Linux linux-rust`]
	]);
	expect(parseGrubEnvironment('').size).toBe(0);
});

test('no text makes it throw', () => {
	const text = fixture('grub-2.12.cfg');
	for (let at = 0; at < text.length; at += 97) {
		expect(() => parseGrubMenu(text.slice(at))).not.toThrow();
		expect(() => parseGrubMenu(text.slice(0, at))).not.toThrow();
	}
});
