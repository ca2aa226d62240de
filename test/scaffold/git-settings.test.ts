import {describe, expect, it} from 'vitest';
import {authorOf, gitUser} from '../../src/scaffold/git-settings.ts';

describe('gitUser', () => {
	it.each([
		['[user]\n\tname = Ada\n\temail = ada@example.org\n', {name: 'Ada', email: 'ada@example.org'}],
		['[USER]\n\tNAME = Ada\n', {name: 'Ada'}],
		['[user] name = Ada ; the first programmer\n', {name: 'Ada'}],
		['[user]\n\tname = "Ada # L" # not this\n', {name: 'Ada # L'}],
		['[user]\n\tname = Ada \\\n  Lovelace\t \n', {name: 'Ada   Lovelace'}],
		['[user]\n\tname = "Ada \\"L\\" \\\\"\n', {name: 'Ada "L" \\'}],
		['[user]\n\tname = one\n[core]\n\tname = other\n[user]\n\tname = two\n', {name: 'two'}],
		['[user "work"]\n\tname = x\n[alias]\n\temail = y\n', {}],
		['name = x\n[include]\n\tpath = ~/.gitconfig-work\n', {}],
		['[user]\n\tname\n\temail =\n', {email: ''}],
		['\u0000[[user]\nname=', {}],
		['', {}]
	])('%j', (settings, user) => {
		expect(gitUser(settings)).toEqual(user);
	});
});

describe('authorOf', () => {
	it.each([
		[{name: 'Ada', email: 'ada@example.org'}, 'Ada <ada@example.org>'],
		[{name: 'Ada', email: ''}, 'Ada'],
		[{email: 'ada@example.org'}, undefined],
		[{}, undefined]
	])('%j', (user, author) => {
		expect(authorOf(user)).toBe(author);
	});
});
