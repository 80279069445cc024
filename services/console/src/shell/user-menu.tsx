import { Menu, type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { auth } from '../auth/auth.ts';
import { useDesk } from '../escalations/desk.tsx';
import { useShell } from './shell-context.ts';

const roles: Record<string, string> = {
  admin: 'Administrator',
  manager: 'Manager',
  supervisor: 'Supervisor',
  frontdesk: 'Front desk',
  integrator: 'Integrator',
  auditor: 'Auditor',
};

const schemes: readonly { value: MantineColorScheme; label: string; icon: typeof IconSun }[] = [
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
];

export function UserMenu({ onKeys }: { readonly onKeys: () => void }) {
  const { me } = useShell();
  const { present, setPresent } = useDesk();
  const client = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = () => {
    if (present) setPresent(false);
    // Nothing of one person's hospital may stay for the next one who signs in here.
    client.clear();
    void auth.signOut();
  };
  return (
    <Menu position="bottom-end" width={250} shadow="md" transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button type="button" className="user">
          <IconUserCircle size={26} stroke={1.6} aria-hidden="true" />
          <span className="user-text">
            <span className="user-name">{me.user.name}</span>
            <span className="user-role">{roles[me.user.role] ?? me.user.role}</span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Colours</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(value as MantineColorScheme)}
        >
          {schemes.map(({ value, label, icon: SchemeIcon }) => (
            <Menu.RadioItem key={value} value={value}>
              <span className="menu-choice">
                <SchemeIcon size={18} aria-hidden="true" /> {label}
              </span>
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={18} />} onClick={onKeys}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={18} />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
