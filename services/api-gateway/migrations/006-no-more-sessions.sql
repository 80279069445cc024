-- Staff sign in by OpenID Connect; what the provider remembers lies in oidc_records.
DROP FUNCTION gateway.find_session(text);
DROP TABLE gateway.sessions;
