import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Role, roles, type StaffUser } from '../api/settings-types.ts';
import { settings } from '../api/settings.ts';
import { Dialog } from '../parts/dialog.tsx';
import { FormError } from '../parts/form-error.tsx';
import { toast } from '../parts/toasts.ts';
import { NumberField } from './number-field.tsx';
import { roleWords } from './role-words.ts';

interface UserDialogProps {
  /** Absent: a new one. */
  readonly user: StaffUser | undefined;
  readonly isMe: boolean;
  readonly onClose: () => void;
}

/** Makes or changes a user. */
export function UserDialog({ user, isMe, onClose }: UserDialogProps) {
  const client = useQueryClient();
  const [name, setName] = useState(user?.name ?? '');
  const [login, setLogin] = useState(user?.login ?? '');
  const [role, setRole] = useState<Role>(user?.role ?? 'frontdesk');
  const [phone, setPhone] = useState(user?.phone ?? '');
  const [active, setActive] = useState(user?.active ?? true);
  const [password, setPassword] = useState('');
  const save = useMutation({
    mutationFn: () => {
      const wish = {
        ...{ name: name.trim(), login: login.trim(), role, active, phone: phone || null },
        ...(password ? { password } : {}),
      };
      return user ? settings.saveStaff(user.id, wish) : settings.addStaff(wish);
    },
    onSuccess: (saved) => {
      toast.done(user ? `${saved.name} is changed.` : `${saved.name} can sign in.`);
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['staff'] }),
  });
  const signsOut = user && (password !== '' || role !== user.role || (user.active && !active));
  return (
    <Dialog title={user ? `Change ${user.name}` : 'New user'} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput
          label="Name"
          required
          maxLength={120}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label="E-mail"
          description="What they sign in with"
          type="email"
          required
          minLength={3}
          maxLength={320}
          autoComplete="off"
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <NativeSelect
          label="Role"
          description={roleWords[role].may}
          value={role}
          data={roles.map((value) => ({ value, label: roleWords[value].name }))}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
        />
        <NumberField
          label="Number"
          hint="Where calls are handed to that they take over. Empty: none."
          value={phone}
          onChange={setPhone}
        />
        <TextInput
          label={user ? 'New password' : 'Password'}
          description={user ? 'Empty: it stays. At least 12 characters.' : 'At least 12 characters.'}
          type="password"
          required={!user}
          minLength={12}
          maxLength={200}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {user && (
          <label className="choice">
            <input type="checkbox" checked={active} onChange={() => setActive(!active)} />
            May sign in
          </label>
        )}
        {signsOut && (
          <p className="field-hint" role="status">
            {isMe ? 'You are' : 'They are'} signed out everywhere by this.
          </p>
        )}
        <FormError error={save.error} />
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {user ? 'Save' : 'Make user'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
