/**
 * The Rust type of a module: `blink_led` becomes `BlinkLed`. Names that would hide what the templates or the code behind
 * `module!` use get `Module` appended: `result` becomes `ResultModule`.
 */
export function typeName(moduleName: string): string {
	const name = moduleName
		.split('_')
		.map(part => part.charAt(0).toUpperCase() + part.slice(1))
		.join('');
	return usedNames.has(name) ? `${name}Module` : name;
}

/**
 * Drop, KVec, Option, Result and ThisModule: seen to break the build with 6.12.117; `LocalModule` is declared by `module!` itself
 * from 7.0 on; the second line is what the template `misc-device` uses and declares.
 */
const usedNames: ReadonlySet<string> = new Set(
	(
		'Drop Err KVec LocalModule None Ok Option Result Some ThisModule Vec ' +
		'Error File IovIterDest IovIterSource KBox KVVec Kept Kiocb Loaded MiscDevice MiscDeviceOptions MiscDeviceRegistration Mutex OpenFile Pin PinInit PinnedDrop'
	).split(' ')
);
