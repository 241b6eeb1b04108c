// Made from the contract by `npm run generate -w sdk`: change that, not this.
export interface paths {
    "/api/v1/integrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List all connections
         * @description Needs the scope `connections:read`.
         */
        get: operations["v1_integrations_list"];
        put?: never;
        /**
         * List all connections, with the key in a form
         * @description Needs the scope `connections:read`.
         */
        post: operations["v1_integrations_listByForm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/integrations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Retrieve a connection
         * @description Needs the scope `connections:read`.
         */
        get: operations["v1_integrations_retrieve"];
        put?: never;
        /**
         * Retrieve a connection, with the key in a form
         * @description Needs the scope `connections:read`.
         */
        post: operations["v1_integrations_retrieveByForm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/integrations/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List integrations
         * @description Needs the scope `integrations:read`.
         */
        get: operations["v2_integrations_list"];
        put?: never;
        /**
         * Create a custom integration
         * @description Needs the scope `integrations:write`.
         */
        post: operations["v2_integrations_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/integrations/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Retrieve an integration
         * @description Needs the scope `integrations:read`.
         */
        get: operations["v2_integrations_retrieve"];
        /**
         * Replace an integration
         * @description Needs the scope `integrations:write`.
         */
        put: operations["v2_integrations_replace"];
        post?: never;
        /**
         * Delete a custom integration
         * @description Needs the scope `integrations:write`.
         */
        delete: operations["v2_integrations_remove"];
        options?: never;
        head?: never;
        /**
         * Update an integration
         * @description Needs the scope `integrations:write`.
         */
        patch: operations["v2_integrations_change"];
        trace?: never;
    };
    "/v2/freelancers/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List freelancers
         * @description Needs the scope `freelancers:read`.
         */
        get: operations["v2_freelancers_list"];
        put?: never;
        /**
         * Create a freelancer with an Invoice Integration
         * @description Needs the scope `freelancers:write`.
         */
        post: operations["v2_freelancers_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/freelancers/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Retrieve a freelancer
         * @description Needs the scope `freelancers:read`.
         */
        get: operations["v2_freelancers_retrieve"];
        /**
         * Replace a freelancer
         * @description Needs the scope `freelancers:write`.
         */
        put: operations["v2_freelancers_replace"];
        post?: never;
        /**
         * Delete a freelancer and the Invoice Integration
         * @description Needs the scope `freelancers:write`.
         */
        delete: operations["v2_freelancers_remove"];
        options?: never;
        head?: never;
        /**
         * Update a freelancer
         * @description Needs the scope `freelancers:write`.
         */
        patch: operations["v2_freelancers_change"];
        trace?: never;
    };
    "/v2/providers/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the providers that connections can be made of
         * @description Needs the scope `connections:read`.
         */
        get: operations["v2_providers_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/providers/{name}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Retrieve a provider
         * @description Needs the scope `connections:read`.
         */
        get: operations["v2_providers_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/connections/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an integration's connections
         * @description Needs the scope `connections:read`.
         */
        get: operations["v2_connections_list"];
        put?: never;
        /**
         * Create a connection
         * @description Needs the scope `connections:write`.
         */
        post: operations["v2_connections_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/connections/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Retrieve a connection
         * @description Needs the scope `connections:read`.
         */
        get: operations["v2_connections_retrieve"];
        /**
         * Replace a connection; secrets that are left out stay
         * @description Needs the scope `connections:write`.
         */
        put: operations["v2_connections_replace"];
        post?: never;
        /**
         * Delete a connection and its secrets
         * @description Needs the scope `connections:write`.
         */
        delete: operations["v2_connections_remove"];
        options?: never;
        head?: never;
        /**
         * Update a connection
         * @description Needs the scope `connections:write`.
         */
        patch: operations["v2_connections_change"];
        trace?: never;
    };
    "/v2/connections/{id}/reveal/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show a connection's secrets in clear; on the audit trail each time
         * @description Needs the scope `secrets:read`.
         */
        post: operations["v2_connections_reveal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/connections/{id}/restore/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See which secrets can be restored
         * @description Needs the scope `connections:read`.
         */
        get: operations["v2_connections_previous"];
        put?: never;
        /**
         * Bring back what secrets were before their last change, within seven days
         * @description Needs the scope `connections:write`.
         */
        post: operations["v2_connections_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/connections/{id}/usage/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See which keys had a connection's secrets, and when last
         * @description Needs the scope `connections:read`.
         */
        get: operations["v2_connections_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/connections/{id}/verify/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the provider whether the credentials work, and whose they are
         * @description Needs the scope `connections:write`.
         */
        post: operations["v2_connections_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/connections/{id}/checks/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what the latest twenty checks found
         * @description Needs the scope `connections:read`.
         */
        get: operations["v2_connections_checks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/connections/{id}/embed/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what a page needs of a connection, as HTML
         * @description Needs the scope `connections:read`.
         */
        get: operations["v2_connections_embed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/connections/{id}/explain/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * See what a call would send, with the credential masked; nothing is sent
         * @description Needs the scope `proxy:call`.
         */
        post: operations["v2_connections_explain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/connections/{id}/proxy/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Call the provider with the connection’s credential
         * @description Needs the scope `proxy:call`.
         */
        get: operations["v2_proxy_call_get"];
        /**
         * Call the provider with the connection’s credential
         * @description Needs the scope `proxy:call`.
         */
        put: operations["v2_proxy_call_put"];
        /**
         * Call the provider with the connection’s credential
         * @description Needs the scope `proxy:call`.
         */
        post: operations["v2_proxy_call_post"];
        /**
         * Call the provider with the connection’s credential
         * @description Needs the scope `proxy:call`.
         */
        delete: operations["v2_proxy_call_delete"];
        /**
         * Call the provider with the connection’s credential
         * @description Needs the scope `proxy:call`.
         */
        options: operations["v2_proxy_call_options"];
        /**
         * Call the provider with the connection’s credential
         * @description Needs the scope `proxy:call`.
         */
        head: operations["v2_proxy_call_head"];
        /**
         * Call the provider with the connection’s credential
         * @description Needs the scope `proxy:call`.
         */
        patch: operations["v2_proxy_call_patch"];
        trace?: never;
    };
    "/v2/api_keys/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description Needs the scope `keys:write`.
         */
        get: operations["v2_api_keys_list"];
        put?: never;
        /**
         * Create an API key that can do no more than the one of the request
         * @description Needs the scope `keys:write`.
         */
        post: operations["v2_api_keys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/api_keys/current/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Retrieve the API key of the request
         * @description Any key may ask.
         */
        get: operations["v2_api_keys_current"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/api_keys/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Retrieve an API key
         * @description Needs the scope `keys:write`.
         */
        get: operations["v2_api_keys_retrieve"];
        put?: never;
        post?: never;
        /**
         * Revoke an API key at once
         * @description Needs the scope `keys:write`.
         */
        delete: operations["v2_api_keys_remove"];
        options?: never;
        head?: never;
        /**
         * Update an API key
         * @description Needs the scope `keys:write`.
         */
        patch: operations["v2_api_keys_change"];
        trace?: never;
    };
    "/v2/api_keys/{id}/roll/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new key for the same, and let the old one end after a while
         * @description Needs the scope `keys:write`.
         */
        post: operations["v2_api_keys_roll"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/audit/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit trail
         * @description Needs the scope `audit:read`.
         */
        get: operations["v2_audit_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/audit/export/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the audit trail
         * @description Needs the scope `audit:read`.
         */
        get: operations["v2_audit_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/events/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read events
         * @description Needs the scope `webhooks:read`.
         */
        get: operations["v2_events_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/events/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Retrieve an event
         * @description Needs the scope `webhooks:read`.
         */
        get: operations["v2_events_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an integration's webhooks
         * @description Needs the scope `webhooks:read`.
         */
        get: operations["v2_webhooks_list"];
        put?: never;
        /**
         * Create a webhook; its secret is in this answer alone
         * @description Needs the scope `webhooks:write`.
         */
        post: operations["v2_webhooks_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Retrieve a webhook
         * @description Needs the scope `webhooks:read`.
         */
        get: operations["v2_webhooks_retrieve"];
        /**
         * Replace a webhook; its secret stays
         * @description Needs the scope `webhooks:write`.
         */
        put: operations["v2_webhooks_replace"];
        post?: never;
        /**
         * Delete a webhook: nothing is sent from then on
         * @description Needs the scope `webhooks:write`.
         */
        delete: operations["v2_webhooks_remove"];
        options?: never;
        head?: never;
        /**
         * Update a webhook, disable it or enable it again
         * @description Needs the scope `webhooks:write`.
         */
        patch: operations["v2_webhooks_change"];
        trace?: never;
    };
    "/v2/webhooks/{id}/rotate_secret/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook another secret; for 24 hours deliveries are signed with both
         * @description Needs the scope `webhooks:write`.
         */
        post: operations["v2_webhooks_rotate_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/{id}/deliveries/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a webhook's deliveries
         * @description Needs the scope `webhooks:read`.
         */
        get: operations["v2_deliveries_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/{id}/deliveries/{delivery}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Retrieve a delivery with its attempts
         * @description Needs the scope `webhooks:read`.
         */
        get: operations["v2_deliveries_retrieve"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/{id}/deliveries/{delivery}/replay/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver once more, under the same id
         * @description Needs the scope `webhooks:write`.
         */
        post: operations["v2_deliveries_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/{id}/replay/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver the events of a range once more, each under its id
         * @description Needs the scope `webhooks:write`.
         */
        post: operations["v2_deliveries_replay_range"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/webhooks/{id}/test/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test now, and say how it went
         * @description Needs the scope `webhooks:write`.
         */
        post: operations["v2_deliveries_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/accounts/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the accounts of the installation
         * @description Needs the scope `operator`.
         */
        get: operations["v2_accounts_list"];
        put?: never;
        /**
         * Create an account with its Web App Integration and its first key
         * @description Needs the scope `operator`.
         */
        post: operations["v2_accounts_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/accounts/{id}/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Retrieve an account
         * @description Needs the scope `operator`.
         */
        get: operations["v2_accounts_retrieve"];
        put?: never;
        post?: never;
        /**
         * Delete an account with all that is in it, and destroy its keys
         * @description Needs the scope `operator`.
         */
        delete: operations["v2_accounts_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process lives */
        get: operations["operations_operations_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether requests may be sent here; 503 with the reasons where they may not */
        get: operations["operations_operations_readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["operations_operations_openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this server counts, in the format of Prometheus
         * @description Needs the scope `operator`.
         */
        get: operations["operations_metrics_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The documentation, for people */
        get: operations["docs_docs_home"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/llms.txt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The documentation, for programs that read: where each page is */
        get: operations["docs_docs_llms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/{page}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the documentation; as Markdown where the name ends so */
        get: operations["docs_docs_page"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/reference/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The reference of the API, for people, with requests to try */
        get: operations["docs_docs_reference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/assets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A script, style or picture of these pages */
        get: operations["docs_docs_asset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/errors/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an error means, and what to do; where `doc_url` leads */
        get: operations["docs_docs_error"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/logos/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A logo, at the address that an integration shows */
        get: operations["media_logos_logo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Integration: {
            /**
             * @description Unique within the account; a UUID where none is given.
             * @example 846291712
             */
            id: string;
            /**
             * @description Name, presented to people.
             * @example Pinestreet Tech
             */
            name: string;
            /** @description 1 Web App, 2 Invoice, 3 Custom. */
            type: number;
            /** @description Absolute address of the logo. */
            logo: string | null;
            /** @description Any JSON object, given back as it came. */
            metadata: {
                [key: string]: unknown;
            };
            /**
             * @description Email address to send invoices to.
             * @example albin@pinestreet.tech
             */
            email: string;
            /**
             * @description Name of recipient written on invoices.
             * @example Pinestreet Technology AB
             */
            recipient: string;
            /**
             * @description Address line 1 written on invoices.
             * @example Malmvägen 8
             */
            address_line_1: string;
            /** @description Address line 2 written on invoices. */
            address_line_2: string | null;
            /**
             * @description Zip code written on invoices.
             * @example 14171
             */
            zip_code: string;
            /**
             * @description City written on invoices.
             * @example Segeltorp
             */
            city: string;
        };
        NewIntegration: {
            /**
             * @description Unique within the account; a UUID where none is given.
             * @example 846291712
             */
            id?: string;
            /**
             * @description Name, presented to people.
             * @example Pinestreet Tech
             */
            name: string;
            /**
             * Format: image
             * @description Image of logo to use: PNG, JPEG, GIF or WebP in base64, with or without `data:image/…;base64,`; or a file of a multipart form. `null` removes it.
             * @default null
             */
            logo?: string | null;
            /**
             * @description Any JSON object, given back as it came.
             * @default {}
             */
            metadata?: {
                [key: string]: unknown;
            };
            /**
             * Format: email
             * @description Email address to send invoices to.
             * @example albin@pinestreet.tech
             */
            email: string;
            /**
             * @description Name of recipient written on invoices.
             * @example Pinestreet Technology AB
             */
            recipient: string;
            /**
             * @description Address line 1 written on invoices.
             * @example Malmvägen 8
             */
            address_line_1: string;
            /**
             * @description Address line 2 written on invoices.
             * @default null
             */
            address_line_2?: string | null;
            /**
             * @description Zip code written on invoices.
             * @example 14171
             */
            zip_code: string;
            /**
             * @description City written on invoices.
             * @example Segeltorp
             */
            city: string;
        };
        IntegrationChange: {
            /**
             * @description Unique within the account; a UUID where none is given.
             * @example 846291712
             */
            id?: string;
            /**
             * @description Name, presented to people.
             * @example Pinestreet Tech
             */
            name?: string;
            /**
             * Format: image
             * @description Image of logo to use: PNG, JPEG, GIF or WebP in base64, with or without `data:image/…;base64,`; or a file of a multipart form. `null` removes it.
             * @default null
             */
            logo?: string | null;
            /**
             * @description Any JSON object, given back as it came.
             * @default {}
             */
            metadata?: {
                [key: string]: unknown;
            };
            /**
             * Format: email
             * @description Email address to send invoices to.
             * @example albin@pinestreet.tech
             */
            email?: string;
            /**
             * @description Name of recipient written on invoices.
             * @example Pinestreet Technology AB
             */
            recipient?: string;
            /**
             * @description Address line 1 written on invoices.
             * @example Malmvägen 8
             */
            address_line_1?: string;
            /**
             * @description Address line 2 written on invoices.
             * @default null
             */
            address_line_2?: string | null;
            /**
             * @description Zip code written on invoices.
             * @example 14171
             */
            zip_code?: string;
            /**
             * @description City written on invoices.
             * @example Segeltorp
             */
            city?: string;
        };
        Freelancer: {
            /** @description Unique within the account; a UUID where none is given. */
            id: string;
            /**
             * @description Name, presented to people.
             * @example Pinestreet Tech
             */
            name: string;
            /**
             * @description Email address to send invoices to.
             * @example albin@pinestreet.tech
             */
            email: string;
            /**
             * @description Name of recipient written on invoices.
             * @example Pinestreet Technology AB
             */
            recipient: string;
            /**
             * @description Address line 1 written on invoices.
             * @example Malmvägen 8
             */
            address_line_1: string;
            /** @description Address line 2 written on invoices. */
            address_line_2: string | null;
            /**
             * @description Zip code written on invoices.
             * @example 14171
             */
            zip_code: string;
            /**
             * @description City written on invoices.
             * @example Segeltorp
             */
            city: string;
            /** @description Any JSON object, given back as it came. */
            metadata: {
                [key: string]: unknown;
            };
            /** @description The id of the Invoice Integration. */
            readonly integration: string;
        };
        NewFreelancer: {
            /** @description Unique within the account; a UUID where none is given. */
            id?: string;
            /**
             * @description Name, presented to people.
             * @example Pinestreet Tech
             */
            name: string;
            /**
             * Format: email
             * @description Email address to send invoices to.
             * @example albin@pinestreet.tech
             */
            email: string;
            /**
             * @description Name of recipient written on invoices.
             * @example Pinestreet Technology AB
             */
            recipient: string;
            /**
             * @description Address line 1 written on invoices.
             * @example Malmvägen 8
             */
            address_line_1: string;
            /**
             * @description Address line 2 written on invoices.
             * @default null
             */
            address_line_2?: string | null;
            /**
             * @description Zip code written on invoices.
             * @example 14171
             */
            zip_code: string;
            /**
             * @description City written on invoices.
             * @example Segeltorp
             */
            city: string;
            /**
             * @description Any JSON object, given back as it came.
             * @default {}
             */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description The id of the Invoice Integration. */
            readonly integration?: string;
        };
        FreelancerChange: {
            /** @description Unique within the account; a UUID where none is given. */
            id?: string;
            /**
             * @description Name, presented to people.
             * @example Pinestreet Tech
             */
            name?: string;
            /**
             * Format: email
             * @description Email address to send invoices to.
             * @example albin@pinestreet.tech
             */
            email?: string;
            /**
             * @description Name of recipient written on invoices.
             * @example Pinestreet Technology AB
             */
            recipient?: string;
            /**
             * @description Address line 1 written on invoices.
             * @example Malmvägen 8
             */
            address_line_1?: string;
            /**
             * @description Address line 2 written on invoices.
             * @default null
             */
            address_line_2?: string | null;
            /**
             * @description Zip code written on invoices.
             * @example 14171
             */
            zip_code?: string;
            /**
             * @description City written on invoices.
             * @example Segeltorp
             */
            city?: string;
            /**
             * @description Any JSON object, given back as it came.
             * @default {}
             */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description The id of the Invoice Integration. */
            readonly integration?: string;
        };
        Provider: {
            /** @example stripe */
            name: string;
            /**
             * @description A connection's `type`.
             * @example IntegrationStripe
             */
            type: string;
            /**
             * @description The kind of thing it does.
             * @enum {string}
             */
            integration_type: "analytics" | "chat" | "comments" | "csn" | "email" | "html" | "membership" | "payment" | "other";
            /** @description Its name, for people. */
            title: string;
            lifecycle: {
                /**
                 * @description Whether it is still to be had, and under this name.
                 * @enum {string}
                 */
                state: "current" | "renamed" | "deprecated" | "discontinued";
                /** @description What to know about that. */
                note: string | null;
            };
            /**
             * @description How it is shown its credentials.
             * @enum {string}
             */
            auth: "header" | "bearer" | "basic" | "query" | "oauth1" | "oauth2_refresh" | "oauth2_client_credentials" | "aws_sigv4" | "hmac" | "handshake" | "none";
            /** @description By name, in the order in which to show them; each a JSON Schema. */
            fields: {
                [key: string]: {
                    /**
                     * @description What a value is.
                     * @enum {string}
                     */
                    type: "string" | "object";
                    title: string;
                    /** @description Where a person finds the value, or what it is for. */
                    description: string;
                    /** @description A fact: a value that does not match is refused. */
                    pattern?: string;
                    /** @description A guess: a value that does not match is taken, with a warning. */
                    "x-likely-pattern"?: string;
                    /** @description The only values there are. */
                    enum?: string[];
                    examples?: string[];
                    /** @description What a new connection starts with. */
                    default?: string;
                    /** @description A secret: sealed, and never in `fields` of an answer. */
                    writeOnly?: boolean;
                    /** @description Written by Mortise. */
                    readOnly?: boolean;
                };
            };
            /** @description The names of the fields that are sealed. */
            secrets: string[];
            capabilities: {
                verify: {
                    available: boolean;
                    /** @description Why not, where it is not. */
                    reason: string | null;
                };
                proxy: {
                    available: boolean;
                    /** @description Why not, where it is not. */
                    reason: string | null;
                };
                embed: {
                    available: boolean;
                    /** @description Why not, where it is not. */
                    reason: string | null;
                };
            };
        };
        ProviderField: {
            /**
             * @description What a value is.
             * @enum {string}
             */
            type: "string" | "object";
            title: string;
            /** @description Where a person finds the value, or what it is for. */
            description: string;
            /** @description A fact: a value that does not match is refused. */
            pattern?: string;
            /** @description A guess: a value that does not match is taken, with a warning. */
            "x-likely-pattern"?: string;
            /** @description The only values there are. */
            enum?: string[];
            examples?: string[];
            /** @description What a new connection starts with. */
            default?: string;
            /** @description A secret: sealed, and never in `fields` of an answer. */
            writeOnly?: boolean;
            /** @description Written by Mortise. */
            readOnly?: boolean;
        };
        Connection: {
            /** @description Unique within the account. */
            id: number;
            /** @description The id of the integration it hangs on. */
            integration: string;
            provider: string;
            /** @description As v1 names it, such as `IntegrationStripe`. */
            type: string;
            /** @description Such as `payment`. */
            integration_type: string;
            title: string;
            use_cloudfront: boolean;
            /** @description All of the provider's fields that are no secrets; null where one is not set. */
            fields: {
                [key: string]: unknown;
            };
            /** @description All of the provider's secret fields. */
            secrets: {
                [key: string]: {
                    set: boolean;
                    /**
                     * @description Asterisks, and the last characters of a secret that is long enough to show any.
                     * @example ****4242
                     */
                    hint: string | null;
                    /** Format: date-time */
                    updated_at: string | null;
                };
            };
            health: {
                /** @enum {string} */
                status: "unverified" | "healthy" | "degraded" | "rejected" | "unreachable" | "rate_limited" | "unverifiable";
                reason: string | null;
                /** Format: date-time */
                checked_at: string | null;
                /** @description Whom the provider says the credential belongs to. */
                account: string | null;
                /**
                 * @description Whether the credential is for tests or for real, where the provider tells.
                 * @enum {string|null}
                 */
                mode: "test" | "live" | null;
                /** @description What the credential may do, where the provider tells. */
                scopes: string[] | null;
            };
            metadata: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000000Z
             */
            updated_at: string;
        };
        ChangedConnection: {
            /** @description Unique within the account. */
            id: number;
            /** @description The id of the integration it hangs on. */
            integration: string;
            provider: string;
            /** @description As v1 names it, such as `IntegrationStripe`. */
            type: string;
            /** @description Such as `payment`. */
            integration_type: string;
            title: string;
            use_cloudfront: boolean;
            /** @description All of the provider's fields that are no secrets; null where one is not set. */
            fields: {
                [key: string]: unknown;
            };
            /** @description All of the provider's secret fields. */
            secrets: {
                [key: string]: {
                    set: boolean;
                    /**
                     * @description Asterisks, and the last characters of a secret that is long enough to show any.
                     * @example ****4242
                     */
                    hint: string | null;
                    /** Format: date-time */
                    updated_at: string | null;
                };
            };
            health: {
                /** @enum {string} */
                status: "unverified" | "healthy" | "degraded" | "rejected" | "unreachable" | "rate_limited" | "unverifiable";
                reason: string | null;
                /** Format: date-time */
                checked_at: string | null;
                /** @description Whom the provider says the credential belongs to. */
                account: string | null;
                /**
                 * @description Whether the credential is for tests or for real, where the provider tells.
                 * @enum {string|null}
                 */
                mode: "test" | "live" | null;
                /** @description What the credential may do, where the provider tells. */
                scopes: string[] | null;
            };
            metadata: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000000Z
             */
            updated_at: string;
            /** @description What looks unusual in the fields that were just given. They were taken all the same. */
            warnings: string[];
        };
        NewConnection: {
            /** @description One of the catalogue, such as `stripe`; it stays. */
            provider: string;
            /**
             * @description A name for people.
             * @example Shop payments
             */
            title: string;
            /**
             * @description Serve through the distribution.
             * @default false
             */
            use_cloudfront?: boolean;
            /** @description The provider's fields by name, secrets among them. On PATCH one that is left out stays, null clears it; PUT clears those left out, but for secrets. Answers show no secrets here. */
            fields?: {
                [key: string]: unknown;
            };
            /**
             * @description Any JSON object, given back as it came.
             * @default {}
             */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description Unique within the account. */
            readonly id?: number;
            /** @description The id of the integration it hangs on. */
            readonly integration?: unknown;
            /** @description As v1 names it, such as `IntegrationStripe`. */
            readonly type?: unknown;
            /** @description Such as `payment`. */
            readonly integration_type?: unknown;
            readonly secrets?: unknown;
            readonly health?: unknown;
            readonly created_at?: unknown;
            readonly updated_at?: unknown;
            readonly warnings?: unknown;
        };
        ConnectionChange: {
            /** @description One of the catalogue, such as `stripe`; it stays. */
            provider?: string;
            /**
             * @description A name for people.
             * @example Shop payments
             */
            title?: string;
            /**
             * @description Serve through the distribution.
             * @default false
             */
            use_cloudfront?: boolean;
            /** @description The provider's fields by name, secrets among them. On PATCH one that is left out stays, null clears it; PUT clears those left out, but for secrets. Answers show no secrets here. */
            fields?: {
                [key: string]: unknown;
            };
            /**
             * @description Any JSON object, given back as it came.
             * @default {}
             */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description Unique within the account. */
            readonly id?: number;
            /** @description The id of the integration it hangs on. */
            readonly integration?: unknown;
            /** @description As v1 names it, such as `IntegrationStripe`. */
            readonly type?: unknown;
            /** @description Such as `payment`. */
            readonly integration_type?: unknown;
            readonly secrets?: unknown;
            readonly health?: unknown;
            readonly created_at?: unknown;
            readonly updated_at?: unknown;
            readonly warnings?: unknown;
        };
        ApiKey: {
            /** @description Stays as long as the key does, and after it. */
            id: string;
            /** @description What it is for. */
            name: string;
            /** @description How it begins. */
            prefix: string;
            /** @description How it ends. */
            last_four: string;
            scopes: ("integrations:read" | "integrations:write" | "freelancers:read" | "freelancers:write" | "connections:read" | "connections:write" | "secrets:read" | "proxy:call" | "webhooks:read" | "webhooks:write" | "audit:read" | "keys:write" | "operator")[];
            /** @description The id of the one integration it is bound to, `(deleted)` where that is gone. */
            integration: string | null;
            /** @description IP addresses and CIDR ranges that it may be used from; null for any. */
            addresses: string[] | null;
            /** @description What it may ask of providers through the proxy: any of the methods on any of the paths of a rule. `*` stands for something within a segment of a path, `**` for anything. Null for no limit. */
            proxy: {
                methods: ("*" | "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[];
                paths: string[];
            }[] | null;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends; null for never.
             */
            expires_at: string | null;
            /**
             * Format: date-time
             * @description When it was revoked, or will be: one that was rolled still works until then.
             */
            revoked_at: string | null;
            /**
             * Format: date-time
             * @description When it was last used, some seconds late; null for never.
             */
            last_used_at: string | null;
            /** @enum {string} */
            state: "active" | "revoked" | "expired";
        };
        ApiKeyWithText: {
            /** @description Stays as long as the key does, and after it. */
            id: string;
            /** @description What it is for. */
            name: string;
            /** @description How it begins. */
            prefix: string;
            /** @description How it ends. */
            last_four: string;
            scopes: ("integrations:read" | "integrations:write" | "freelancers:read" | "freelancers:write" | "connections:read" | "connections:write" | "secrets:read" | "proxy:call" | "webhooks:read" | "webhooks:write" | "audit:read" | "keys:write" | "operator")[];
            /** @description The id of the one integration it is bound to, `(deleted)` where that is gone. */
            integration: string | null;
            /** @description IP addresses and CIDR ranges that it may be used from; null for any. */
            addresses: string[] | null;
            /** @description What it may ask of providers through the proxy: any of the methods on any of the paths of a rule. `*` stands for something within a segment of a path, `**` for anything. Null for no limit. */
            proxy: {
                methods: ("*" | "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[];
                paths: string[];
            }[] | null;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends; null for never.
             */
            expires_at: string | null;
            /**
             * Format: date-time
             * @description When it was revoked, or will be: one that was rolled still works until then.
             */
            revoked_at: string | null;
            /**
             * Format: date-time
             * @description When it was last used, some seconds late; null for never.
             */
            last_used_at: string | null;
            /** @enum {string} */
            state: "active" | "revoked" | "expired";
            /** @description The key itself. It is shown this once, and not kept. */
            key: string;
        };
        NewApiKey: {
            /**
             * @description What it is for.
             * @example shop floor
             */
            name: string;
            /** @description What it may do: nothing that the key of the request lacks. `operator` has to be named. */
            scopes?: ("integrations:read" | "integrations:write" | "freelancers:read" | "freelancers:write" | "connections:read" | "connections:write" | "secrets:read" | "proxy:call" | "webhooks:read" | "webhooks:write" | "audit:read" | "keys:write" | "operator")[];
            /**
             * @description The id of the one integration it is bound to, which stays; null for the whole account.
             * @example 846291712
             * @example null
             */
            integration?: string | null;
            /**
             * @description IP addresses and CIDR ranges that it may be used from; null for any.
             * @example [
             *       "203.0.113.7",
             *       "2001:db8::/32"
             *     ]
             * @example null
             */
            addresses?: string[] | null;
            /**
             * @description What it may ask of providers through the proxy: any of the methods on any of the paths of a rule. `*` stands for something within a segment of a path, `**` for anything. Null for no limit.
             * @example [
             *       {
             *         "methods": [
             *           "GET"
             *         ],
             *         "paths": [
             *           "/v1/charges",
             *           "/v1/customers/*"
             *         ]
             *       }
             *     ]
             * @example null
             */
            proxy?: {
                methods: ("*" | "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[];
                paths: string[];
            }[] | null;
            /**
             * Format: date-time
             * @description When it ends, in UTC; null for never.
             * @example 2099-01-31T12:00:00.000000Z
             * @example null
             */
            expires_at?: string | null;
            readonly id?: unknown;
            readonly prefix?: unknown;
            readonly last_four?: unknown;
            readonly created_at?: unknown;
            readonly revoked_at?: unknown;
            readonly last_used_at?: unknown;
            readonly state?: unknown;
        };
        ApiKeyChange: {
            /**
             * @description What it is for.
             * @example shop floor
             */
            name?: string;
            /** @description What it may do: nothing that the key of the request lacks. `operator` has to be named. */
            scopes?: ("integrations:read" | "integrations:write" | "freelancers:read" | "freelancers:write" | "connections:read" | "connections:write" | "secrets:read" | "proxy:call" | "webhooks:read" | "webhooks:write" | "audit:read" | "keys:write" | "operator")[];
            /**
             * @description The id of the one integration it is bound to, which stays; null for the whole account.
             * @example 846291712
             * @example null
             */
            integration?: string | null;
            /**
             * @description IP addresses and CIDR ranges that it may be used from; null for any.
             * @example [
             *       "203.0.113.7",
             *       "2001:db8::/32"
             *     ]
             * @example null
             */
            addresses?: string[] | null;
            /**
             * @description What it may ask of providers through the proxy: any of the methods on any of the paths of a rule. `*` stands for something within a segment of a path, `**` for anything. Null for no limit.
             * @example [
             *       {
             *         "methods": [
             *           "GET"
             *         ],
             *         "paths": [
             *           "/v1/charges",
             *           "/v1/customers/*"
             *         ]
             *       }
             *     ]
             * @example null
             */
            proxy?: {
                methods: ("*" | "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[];
                paths: string[];
            }[] | null;
            /**
             * Format: date-time
             * @description When it ends, in UTC; null for never.
             * @example 2099-01-31T12:00:00.000000Z
             * @example null
             */
            expires_at?: string | null;
            readonly id?: unknown;
            readonly prefix?: unknown;
            readonly last_four?: unknown;
            readonly created_at?: unknown;
            readonly revoked_at?: unknown;
            readonly last_used_at?: unknown;
            readonly state?: unknown;
        };
        AuditRecord: {
            /** @description Its number within the account; they rise. */
            id: number;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000000Z
             */
            at: string;
            /** @example integration.created */
            action: string;
            /** @description What it happened to. */
            subject: {
                /** @example integration */
                type: string;
                /**
                 * @description The id as it was then.
                 * @example 846291712
                 */
                id: string;
            };
            /** @description The key it was done with; null: at the command line. */
            key: {
                id: string;
                /** @description Its name today, also where it is revoked. */
                name: string | null;
            } | null;
            /** @description Where the request came from. */
            address: string | null;
            /** @description The `X-Request-ID` of the answer. */
            request_id: string | null;
            /** @description How often; above 1 where repeats within a minute are counted. */
            times: number;
            /** @description Ids and names of members as they were then; never a value. */
            data: {
                [key: string]: unknown;
            };
        };
        Account: {
            /** @description Unique within the installation. */
            id: number;
            /** @description Name of the product. */
            name: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000000Z
             */
            created_at: string;
        };
        /** @description Name and address are those of its Web App Integration. */
        NewAccount: {
            /**
             * @description Name of the product.
             * @example My product
             */
            name: string;
            /** @description For moving in: the number that clients know the account by. Else the next one. */
            id?: number;
            /**
             * Format: email
             * @description Email address to send invoices to.
             * @example albin@pinestreet.tech
             */
            email?: string;
            /**
             * @description Name of recipient written on invoices.
             * @example Pinestreet Technology AB
             */
            recipient?: string;
            /**
             * @description Address line 1 written on invoices.
             * @example Malmvägen 8
             */
            address_line_1?: string;
            /**
             * @description Address line 2 written on invoices.
             * @default null
             */
            address_line_2?: string | null;
            /**
             * @description Zip code written on invoices.
             * @example 14171
             */
            zip_code?: string;
            /**
             * @description City written on invoices.
             * @example Segeltorp
             */
            city?: string;
            readonly created_at?: unknown;
        };
        CreatedAccount: {
            /** @description Unique within the installation. */
            id: number;
            /** @description Name of the product. */
            name: string;
            /**
             * Format: date-time
             * @example 2026-01-31T12:00:00.000000Z
             */
            created_at: string;
            /** @description The id of its Web App Integration. */
            integration: string;
            api_key: {
                /** @description Stays as long as the key does, and after it. */
                id: string;
                /** @description What it is for. */
                name: string;
                /** @description How it begins. */
                prefix: string;
                /** @description How it ends. */
                last_four: string;
                scopes: ("integrations:read" | "integrations:write" | "freelancers:read" | "freelancers:write" | "connections:read" | "connections:write" | "secrets:read" | "proxy:call" | "webhooks:read" | "webhooks:write" | "audit:read" | "keys:write" | "operator")[];
                /** @description The id of the one integration it is bound to, `(deleted)` where that is gone. */
                integration: string | null;
                /** @description IP addresses and CIDR ranges that it may be used from; null for any. */
                addresses: string[] | null;
                /** @description What it may ask of providers through the proxy: any of the methods on any of the paths of a rule. `*` stands for something within a segment of a path, `**` for anything. Null for no limit. */
                proxy: {
                    methods: ("*" | "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[];
                    paths: string[];
                }[] | null;
                /**
                 * Format: date-time
                 * @example 2026-01-31T12:00:00.000000Z
                 */
                created_at: string;
                /**
                 * Format: date-time
                 * @description When it ends; null for never.
                 */
                expires_at: string | null;
                /**
                 * Format: date-time
                 * @description When it was revoked, or will be: one that was rolled still works until then.
                 */
                revoked_at: string | null;
                /**
                 * Format: date-time
                 * @description When it was last used, some seconds late; null for never.
                 */
                last_used_at: string | null;
                /** @enum {string} */
                state: "active" | "revoked" | "expired";
                /** @description The key itself. It is shown this once, and not kept. */
                key: string;
            };
        };
        ConnectionV1: {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationActiveCampaign";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "email";
            /** @constant */
            provider: "active_campaign";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description API URL */
            api_endpoint: string | null;
            /** @description Event tracking account id */
            actid: string | null;
            /** @description API key */
            api_key?: string | null;
            /** @description Event key */
            event_key?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationAmazon";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "csn";
            /** @constant */
            provider: "amazon";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description Bucket */
            bucket: string | null;
            /** @description Access key ID */
            access_key_id: string | null;
            /** @description CloudFront distribution */
            cloudfront: string | null;
            /** @description Bucket status */
            ready: string | null;
            /** @description Secret access key */
            secret_access_key?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationAweber";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "email";
            /** @constant */
            provider: "aweber";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description Access token (OAuth 1) */
            access_token: string | null;
            /** @description Consumer key or client id */
            consumer_key: string | null;
            /** @description Access token secret (OAuth 1) */
            access_token_secret?: string | null;
            /** @description Consumer secret or client secret */
            consumer_secret?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationConvertkit";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "email";
            /** @constant */
            provider: "convertkit";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description API key (v3) */
            api_key: string | null;
            /** @description API secret (v3) or API key (v4) */
            secret_key?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationDisqus";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "comments";
            /** @constant */
            provider: "disqus";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description Forum shortname */
            forum_shortname: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationDrip";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "email";
            /** @constant */
            provider: "drip";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description Account id */
            api_account_id: string | null;
            /** @description Access token */
            access_token?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationGetresponse";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "email";
            /** @constant */
            provider: "getresponse";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description API key */
            secret_api_key?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationGoogleAnalytics";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "analytics";
            /** @constant */
            provider: "google_analytics";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description Account id */
            api_account_id: string | null;
            /** @description Measurement id */
            web_property_id: string | null;
            /** @description Access token */
            access_token?: string | null;
            /** @description Refresh token */
            refresh_token?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationHtml";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "html";
            /** @constant */
            provider: "html";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description HTML */
            html: string | null;
            /** @description Parameters */
            params: {
                [key: string]: unknown;
            } | null;
            /** @description URL */
            url: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationInfusionsoft";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "email";
            /** @constant */
            provider: "infusionsoft";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description App name */
            app_name: string | null;
            /** @description API key */
            api_key?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationIntercom";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "chat";
            /** @constant */
            provider: "intercom";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description Access token */
            access_token?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationMailchimp";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "email";
            /** @constant */
            provider: "mailchimp";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description API key */
            api_key?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationOntraport";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "email";
            /** @constant */
            provider: "ontraport";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description App id */
            app_id: string | null;
            /** @description API key */
            api_key?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationPaypal";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "payment";
            /** @constant */
            provider: "paypal";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description Client id */
            client_id: string | null;
            /** @description Client secret */
            client_secret?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationSendreach";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "email";
            /** @constant */
            provider: "sendreach";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description Public key */
            api_key: string | null;
            /** @description Private key */
            secret_api_key?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationStripe";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "payment";
            /** @constant */
            provider: "stripe";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description Publishable key */
            publishable_key: string | null;
            /** @description Secret key */
            secret_key?: string | null;
        } | {
            id: number;
            title: string;
            /** @constant */
            type: "IntegrationWishlist";
            account_id: number;
            use_cloudfront: boolean;
            /** @constant */
            integration_type: "membership";
            /** @constant */
            provider: "wishlist";
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            created_at: string;
            /**
             * @description UTC, six decimals, no zone.
             * @example 2017-04-25T22:00:47.047560
             */
            updated_at: string;
            /** @description Site URL */
            endpoint: string | null;
            /** @description API key */
            api_key?: string | null;
        };
        ErrorV1: {
            error: string;
            message: string;
        };
        /** @description `detail`, or a list of messages for each member that is not acceptable; of a member that is an object, for each of its own. */
        ErrorV2: {
            detail?: string | string[];
            /** @description Of our own resources: one of a closed list. */
            code?: string;
            /**
             * Format: uri
             * @description Where the code is explained.
             */
            doc_url?: string;
        } & {
            [key: string]: string[] | {
                [key: string]: string[];
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    v1_integrations_list: {
        parameters: {
            query?: {
                api_key?: string;
                integration_type?: string;
                provider?: string;
                type?: string;
            };
            header?: {
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                };
                "multipart/form-data": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                };
            };
        };
        responses: {
            /** @description All of them, ascending id. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionV1"][];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV1"];
                };
            };
        };
    };
    v1_integrations_listByForm: {
        parameters: {
            query?: {
                api_key?: string;
                integration_type?: string;
                provider?: string;
                type?: string;
            };
            header?: {
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                };
                "multipart/form-data": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                };
            };
        };
        responses: {
            /** @description All of them, ascending id. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionV1"][];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV1"];
                };
            };
        };
    };
    v1_integrations_retrieve: {
        parameters: {
            query?: {
                api_key?: string;
                id?: string;
            };
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                    /** @description The same id as in the path. */
                    id?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                    /** @description The same id as in the path. */
                    id?: string;
                };
                "multipart/form-data": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                    /** @description The same id as in the path. */
                    id?: string;
                };
            };
        };
        responses: {
            /** @description The connection. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionV1"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV1"];
                };
            };
        };
    };
    v1_integrations_retrieveByForm: {
        parameters: {
            query?: {
                api_key?: string;
                id?: string;
            };
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                    /** @description The same id as in the path. */
                    id?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                    /** @description The same id as in the path. */
                    id?: string;
                };
                "multipart/form-data": {
                    /** @description The API key, where no header carries it. */
                    api_key?: string;
                    /** @description The same id as in the path. */
                    id?: string;
                };
            };
        };
        responses: {
            /** @description The connection. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionV1"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV1"];
                };
            };
        };
    };
    v2_integrations_list: {
        parameters: {
            query?: {
                page?: string;
                page_size?: string;
                type?: string;
            };
            header?: {
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many there are on all pages. */
                        count: number;
                        /** Format: uri */
                        next: string | null;
                        /** Format: uri */
                        previous: string | null;
                        results: components["schemas"]["Integration"][];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_integrations_create: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Pinestreet Tech",
                 *       "email": "albin@pinestreet.tech",
                 *       "recipient": "Pinestreet Technology AB",
                 *       "address_line_1": "Malmvägen 8",
                 *       "zip_code": "14171",
                 *       "city": "Segeltorp"
                 *     }
                 */
                "application/json": components["schemas"]["NewIntegration"];
                "application/x-www-form-urlencoded": components["schemas"]["NewIntegration"];
                "multipart/form-data": components["schemas"]["NewIntegration"];
            };
        };
        responses: {
            /** @description The new integration. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Integration"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_integrations_retrieve: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The integration. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Integration"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_integrations_replace: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Pinestreet Tech",
                 *       "email": "albin@pinestreet.tech",
                 *       "recipient": "Pinestreet Technology AB",
                 *       "address_line_1": "Malmvägen 8",
                 *       "zip_code": "14171",
                 *       "city": "Segeltorp"
                 *     }
                 */
                "application/json": components["schemas"]["NewIntegration"];
                "application/x-www-form-urlencoded": components["schemas"]["NewIntegration"];
                "multipart/form-data": components["schemas"]["NewIntegration"];
            };
        };
        responses: {
            /** @description The integration as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Integration"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_integrations_remove: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_integrations_change: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "city": "Stockholm"
                 *     }
                 */
                "application/json": components["schemas"]["IntegrationChange"];
                "application/x-www-form-urlencoded": components["schemas"]["IntegrationChange"];
                "multipart/form-data": components["schemas"]["IntegrationChange"];
            };
        };
        responses: {
            /** @description The integration as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Integration"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_freelancers_list: {
        parameters: {
            query?: {
                page?: string;
                page_size?: string;
            };
            header?: {
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many there are on all pages. */
                        count: number;
                        /** Format: uri */
                        next: string | null;
                        /** Format: uri */
                        previous: string | null;
                        results: components["schemas"]["Freelancer"][];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_freelancers_create: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Pinestreet Tech",
                 *       "email": "albin@pinestreet.tech",
                 *       "recipient": "Pinestreet Technology AB",
                 *       "address_line_1": "Malmvägen 8",
                 *       "zip_code": "14171",
                 *       "city": "Segeltorp"
                 *     }
                 */
                "application/json": components["schemas"]["NewFreelancer"];
                "application/x-www-form-urlencoded": components["schemas"]["NewFreelancer"];
                "multipart/form-data": components["schemas"]["NewFreelancer"];
            };
        };
        responses: {
            /** @description The new freelancer. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Freelancer"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_freelancers_retrieve: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The freelancer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Freelancer"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_freelancers_replace: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Pinestreet Tech",
                 *       "email": "albin@pinestreet.tech",
                 *       "recipient": "Pinestreet Technology AB",
                 *       "address_line_1": "Malmvägen 8",
                 *       "zip_code": "14171",
                 *       "city": "Segeltorp"
                 *     }
                 */
                "application/json": components["schemas"]["NewFreelancer"];
                "application/x-www-form-urlencoded": components["schemas"]["NewFreelancer"];
                "multipart/form-data": components["schemas"]["NewFreelancer"];
            };
        };
        responses: {
            /** @description The freelancer as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Freelancer"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_freelancers_remove: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_freelancers_change: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "city": "Stockholm"
                 *     }
                 */
                "application/json": components["schemas"]["FreelancerChange"];
                "application/x-www-form-urlencoded": components["schemas"]["FreelancerChange"];
                "multipart/form-data": components["schemas"]["FreelancerChange"];
            };
        };
        responses: {
            /** @description The freelancer as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Freelancer"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_providers_list: {
        parameters: {
            query?: {
                page?: string;
                page_size?: string;
                integration_type?: string;
            };
            header?: {
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page: those of v1 in the order of its document, then those that the operator added. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many there are on all pages. */
                        count: number;
                        /** Format: uri */
                        next: string | null;
                        /** Format: uri */
                        previous: string | null;
                        results: components["schemas"]["Provider"][];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_providers_retrieve: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_list: {
        parameters: {
            query?: {
                page?: string;
                page_size?: string;
                provider?: string;
                integration_type?: string;
                health?: string;
                q?: string;
            };
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many there are on all pages. */
                        count: number;
                        /** Format: uri */
                        next: string | null;
                        /** Format: uri */
                        previous: string | null;
                        results: components["schemas"]["Connection"][];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_create: {
        parameters: {
            query?: {
                verify?: "true" | "false";
            };
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "provider": "stripe",
                 *       "title": "Shop payments",
                 *       "fields": {
                 *         "publishable_key": "pk_test_51PinestreetTechnologyAB",
                 *         "secret_key": "sk_test_51PinestreetTechnologyAB"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewConnection"];
                "application/x-www-form-urlencoded": components["schemas"]["NewConnection"];
                "multipart/form-data": components["schemas"]["NewConnection"];
            };
        };
        responses: {
            /** @description The new connection. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedConnection"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_retrieve: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Connection"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_replace: {
        parameters: {
            query?: {
                verify?: "true" | "false";
            };
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "provider": "stripe",
                 *       "title": "Shop payments",
                 *       "fields": {
                 *         "publishable_key": "pk_test_51PinestreetTechnologyAB",
                 *         "secret_key": "sk_test_51PinestreetTechnologyAB"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewConnection"];
                "application/x-www-form-urlencoded": components["schemas"]["NewConnection"];
                "multipart/form-data": components["schemas"]["NewConnection"];
            };
        };
        responses: {
            /** @description The connection as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedConnection"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_remove: {
        parameters: {
            query?: {
                force?: "true" | "false";
            };
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_change: {
        parameters: {
            query?: {
                verify?: "true" | "false";
            };
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "title": "Shop payments, Sweden"
                 *     }
                 */
                "application/json": components["schemas"]["ConnectionChange"];
                "application/x-www-form-urlencoded": components["schemas"]["ConnectionChange"];
                "multipart/form-data": components["schemas"]["ConnectionChange"];
            };
        };
        responses: {
            /** @description The connection as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedConnection"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_reveal: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Unique within the account. */
                        id: number;
                        /** @description All of the provider's secret fields, in clear; null where one is not set. */
                        secrets: {
                            [key: string]: string | null;
                        };
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_previous: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is kept of earlier secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Unique within the account. */
                        id: number;
                        /** @description By field, what each secret was before its last change. */
                        secrets: {
                            [key: string]: {
                                hint: string;
                                /**
                                 * Format: date-time
                                 * @example 2026-01-31T12:00:00.000000Z
                                 */
                                replaced_at: string;
                                /**
                                 * Format: date-time
                                 * @example 2026-01-31T12:00:00.000000Z
                                 */
                                restorable_until: string;
                            };
                        };
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_restore: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "fields": [
                 *         "secret_key"
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description Which secrets; all that can be restored where none are named. */
                    fields?: string[];
                };
                "application/x-www-form-urlencoded": {
                    /** @description Which secrets; all that can be restored where none are named. */
                    fields?: string[];
                };
                "multipart/form-data": {
                    /** @description Which secrets; all that can be restored where none are named. */
                    fields?: string[];
                };
            };
        };
        responses: {
            /** @description The connection as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedConnection"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_usage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The uses, the latest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Unique within the account. */
                        id: number;
                        /** Format: date-time */
                        last_used_at: string | null;
                        /** @description How often its secrets were read or used. */
                        times: number;
                        keys: {
                            /** @description null: the command line. */
                            key: string | null;
                            name: string | null;
                            /**
                             * Format: date-time
                             * @example 2026-01-31T12:00:00.000000Z
                             */
                            last_used_at: string;
                            times: number;
                        }[];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_verify: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is known now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of the connection. */
                        id: number;
                        health: {
                            /** @enum {string} */
                            status: "unverified" | "healthy" | "degraded" | "rejected" | "unreachable" | "rate_limited" | "unverifiable";
                            reason: string | null;
                            /** Format: date-time */
                            checked_at: string | null;
                            /** @description Whom the provider says the credential belongs to. */
                            account: string | null;
                            /**
                             * @description Whether the credential is for tests or for real, where the provider tells.
                             * @enum {string|null}
                             */
                            mode: "test" | "live" | null;
                            /** @description What the credential may do, where the provider tells. */
                            scopes: string[] | null;
                        };
                        /** @description What people should know: that it is another account than before, or one that is connected twice. */
                        notices: string[];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_checks: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The checks, the latest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of the connection. */
                        id: number;
                        checks: {
                            /**
                             * Format: date-time
                             * @example 2026-01-31T12:00:00.000000Z
                             */
                            at: string;
                            /**
                             * @description A request, a change that was verified first, the time, or a refresh that failed.
                             * @enum {string}
                             */
                            cause: "request" | "change" | "schedule" | "refresh";
                            /** @enum {string} */
                            status: "unverified" | "healthy" | "degraded" | "rejected" | "unreachable" | "rate_limited" | "unverifiable";
                            reason: string | null;
                            account: string | null;
                            duration_ms: number;
                        }[];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_embed: {
        parameters: {
            query?: {
                url?: string;
                identifier?: string;
                title?: string;
            };
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The snippet. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description That of the connection. */
                        id: number;
                        provider: string;
                        /** @description For the page, as it stands. */
                        html: string;
                        /**
                         * @description The origins that its markup loads from or sends to, for a page's Content-Security-Policy; what their scripts load in turn is the provider's to say.
                         * @example [
                         *       "https://js.stripe.com"
                         *     ]
                         */
                        hosts: string[];
                        /** @description What works less than it seems to, each in a sentence. */
                        warnings: string[];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_connections_explain: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "method": "GET",
                 *       "path": "/v1/balance"
                 *     }
                 */
                "application/json": {
                    /** @example GET */
                    method: string;
                    /**
                     * @description As it would stand behind `/proxy`: from its first slash on, its query included.
                     * @example /v1/balance
                     */
                    path: string;
                    /** @description One of the provider’s services, as `Mortise-Service` would name it. */
                    service?: string;
                    /** @description That the caller would send, by name. */
                    headers?: {
                        [key: string]: string;
                    };
                    /** @description Some signatures cover it. It is not shown again. */
                    body?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @example GET */
                    method: string;
                    /**
                     * @description As it would stand behind `/proxy`: from its first slash on, its query included.
                     * @example /v1/balance
                     */
                    path: string;
                    /** @description One of the provider’s services, as `Mortise-Service` would name it. */
                    service?: string;
                    /** @description That the caller would send, by name. */
                    headers?: {
                        [key: string]: string;
                    };
                    /** @description Some signatures cover it. It is not shown again. */
                    body?: string;
                };
                "multipart/form-data": {
                    /** @example GET */
                    method: string;
                    /**
                     * @description As it would stand behind `/proxy`: from its first slash on, its query included.
                     * @example /v1/balance
                     */
                    path: string;
                    /** @description One of the provider’s services, as `Mortise-Service` would name it. */
                    service?: string;
                    /** @description That the caller would send, by name. */
                    headers?: {
                        [key: string]: string;
                    };
                    /** @description Some signatures cover it. It is not shown again. */
                    body?: string;
                };
            };
        };
        responses: {
            /** @description What would be sent. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        method: string;
                        /** @description With `***` in place of what the credential puts into the query. */
                        url: string;
                        service: string;
                        /** @description As they would be sent, with `***` in place of what is or comes of the credential. `Host` and what frames the body come by themselves. */
                        headers: {
                            name: string;
                            value: string;
                        }[];
                        /** @description Whether another access token would be had first. */
                        token_renewed: boolean;
                        /** @description Whether the signature covers the body, which is then read as a whole, up to 10 MiB. */
                        body_signed: boolean;
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_proxy_call_get: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
                /** @description Which of the provider’s services is meant; the first one where none is named. */
                "Mortise-Service"?: string;
            };
            path: {
                id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider’s own answer, whatever its status, with `Mortise-Origin: upstream`; of what Mortise answers itself that is `mortise`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_proxy_call_put: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
                /** @description Which of the provider’s services is meant; the first one where none is named. */
                "Mortise-Service"?: string;
            };
            path: {
                id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider’s own answer, whatever its status, with `Mortise-Origin: upstream`; of what Mortise answers itself that is `mortise`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_proxy_call_post: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
                /** @description Which of the provider’s services is meant; the first one where none is named. */
                "Mortise-Service"?: string;
            };
            path: {
                id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider’s own answer, whatever its status, with `Mortise-Origin: upstream`; of what Mortise answers itself that is `mortise`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_proxy_call_delete: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
                /** @description Which of the provider’s services is meant; the first one where none is named. */
                "Mortise-Service"?: string;
            };
            path: {
                id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider’s own answer, whatever its status, with `Mortise-Origin: upstream`; of what Mortise answers itself that is `mortise`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_proxy_call_options: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
                /** @description Which of the provider’s services is meant; the first one where none is named. */
                "Mortise-Service"?: string;
            };
            path: {
                id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider’s own answer, whatever its status, with `Mortise-Origin: upstream`; of what Mortise answers itself that is `mortise`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_proxy_call_head: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
                /** @description Which of the provider’s services is meant; the first one where none is named. */
                "Mortise-Service"?: string;
            };
            path: {
                id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider’s own answer, whatever its status, with `Mortise-Origin: upstream`; of what Mortise answers itself that is `mortise`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_proxy_call_patch: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
                /** @description Which of the provider’s services is meant; the first one where none is named. */
                "Mortise-Service"?: string;
            };
            path: {
                id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider’s own answer, whatever its status, with `Mortise-Origin: upstream`; of what Mortise answers itself that is `mortise`. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_api_keys_list: {
        parameters: {
            query?: {
                page?: string;
                page_size?: string;
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many there are on all pages. */
                        count: number;
                        /** Format: uri */
                        next: string | null;
                        /** Format: uri */
                        previous: string | null;
                        results: components["schemas"]["ApiKey"][];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_api_keys_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "shop floor",
                 *       "scopes": [
                 *         "connections:read"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewApiKey"];
                "application/x-www-form-urlencoded": components["schemas"]["NewApiKey"];
                "multipart/form-data": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description The new key, and its text. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyWithText"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_api_keys_current: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, without its text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_api_keys_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, without its text. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_api_keys_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked, and stays on the list. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_api_keys_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "name": "warehouse"
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyChange"];
                "application/x-www-form-urlencoded": components["schemas"]["ApiKeyChange"];
                "multipart/form-data": components["schemas"]["ApiKeyChange"];
            };
        };
        responses: {
            /** @description The key as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_api_keys_roll: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "grace_seconds": 3600
                 *     }
                 */
                "application/json": {
                    /**
                     * @description How long the old key still works, unless it ends sooner.
                     * @default 3600
                     */
                    grace_seconds?: number;
                };
                "application/x-www-form-urlencoded": {
                    /**
                     * @description How long the old key still works, unless it ends sooner.
                     * @default 3600
                     */
                    grace_seconds?: number;
                };
                "multipart/form-data": {
                    /**
                     * @description How long the old key still works, unless it ends sooner.
                     * @default 3600
                     */
                    grace_seconds?: number;
                };
            };
        };
        responses: {
            /** @description The new key, and its text. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyWithText"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_audit_list: {
        parameters: {
            query?: {
                cursor?: string;
                page_size?: string;
                action?: string;
                subject?: string;
                key?: string;
                since?: string;
                until?: string;
                request_id?: string;
            };
            header?: {
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uri */
                        next: string | null;
                        /** Format: uri */
                        previous: string | null;
                        results: components["schemas"]["AuditRecord"][];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_audit_export: {
        parameters: {
            query?: {
                action?: string;
                subject?: string;
                key?: string;
                since?: string;
                until?: string;
                request_id?: string;
            };
            header?: {
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One record a line, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": components["schemas"]["AuditRecord"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_events_list: {
        parameters: {
            query?: {
                cursor?: string;
                page_size?: string;
                type?: string;
                integration?: string;
            };
            header?: {
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Some events, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uri */
                        next: string | null;
                        /** Format: uri */
                        previous: string | null;
                        results: {
                            /** @description The same wherever the event is told, and however often. */
                            id: string;
                            /** @example connection.updated */
                            type: string;
                            /** @description Its number within the account; they rise. */
                            sequence: number;
                            /** @description The id, as it was then, of the integration it belongs to; null: the whole account. */
                            integration: string | null;
                            /**
                             * Format: date-time
                             * @example 2026-01-31T12:00:00.000000Z
                             */
                            created_at: string;
                            /**
                             * Format: date-time
                             * @description The same, under the name that receivers of webhooks look for.
                             * @example 2026-01-31T12:00:00.000000Z
                             */
                            timestamp: string;
                            /** @description The object as the API showed it then; of one that is gone, the last. */
                            data: {
                                [key: string]: unknown;
                            };
                        }[];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_events_retrieve: {
        parameters: {
            query?: never;
            header?: {
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The same wherever the event is told, and however often. */
                        id: string;
                        /** @example connection.updated */
                        type: string;
                        /** @description Its number within the account; they rise. */
                        sequence: number;
                        /** @description The id, as it was then, of the integration it belongs to; null: the whole account. */
                        integration: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        created_at: string;
                        /**
                         * Format: date-time
                         * @description The same, under the name that receivers of webhooks look for.
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        timestamp: string;
                        /** @description The object as the API showed it then; of one that is gone, the last. */
                        data: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_webhooks_list: {
        parameters: {
            query?: {
                page?: string;
                page_size?: string;
            };
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many there are on all pages. */
                        count: number;
                        /** Format: uri */
                        next: string | null;
                        /** Format: uri */
                        previous: string | null;
                        results: {
                            /** @description Stays as long as the webhook does. */
                            id: string;
                            /** @description The id of the integration it hangs on. */
                            integration: string;
                            url: string;
                            events: string[];
                            metadata: {
                                [key: string]: unknown;
                            };
                            /**
                             * Format: date-time
                             * @description Since when nothing is sent; null where it is enabled.
                             */
                            disabled_at: string | null;
                            /**
                             * @description `by_request`; `gone`: the receiver answered 410; `failing`: every attempt failed for five days; `secret_damaged`: the stored secret does not open any more, rotate it.
                             * @enum {string|null}
                             */
                            disabled_reason: "by_request" | "gone" | "failing" | "secret_damaged" | null;
                            /**
                             * Format: date-time
                             * @description Since when every attempt has failed; null after one that did not.
                             */
                            failing_since: string | null;
                            /**
                             * Format: date-time
                             * @example 2026-01-31T12:00:00.000000Z
                             */
                            created_at: string;
                            /**
                             * Format: date-time
                             * @example 2026-01-31T12:00:00.000000Z
                             */
                            updated_at: string;
                        }[];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_webhooks_create: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/hooks"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Where events are sent: https, on the public internet, without a fragment.
                     * @example https://example.com/hooks
                     */
                    url: string;
                    /**
                     * @description Which types it is told of: names, all of a noun such as `connection.*`, or `*`.
                     * @default [
                     *       "*"
                     *     ]
                     */
                    events?: ("*" | "api_key.*" | "connection.*" | "endpoint.*" | "freelancer.*" | "integration.*" | "webhook.*" | "api_key.created" | "api_key.revoked" | "api_key.rolled" | "api_key.updated" | "connection.created" | "connection.credential_changed" | "connection.deleted" | "connection.health_changed" | "connection.refresh_failed" | "connection.updated" | "endpoint.disabled" | "freelancer.created" | "freelancer.deleted" | "freelancer.updated" | "integration.created" | "integration.deleted" | "integration.updated" | "webhook.created" | "webhook.deleted" | "webhook.test" | "webhook.updated")[];
                    /**
                     * @description Any JSON object, given back as it came.
                     * @default {}
                     */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * Format: date-time
                     * @description null enables it; any time disables it, now.
                     * @example 2027-01-31T12:00:00.000000Z
                     * @example null
                     */
                    disabled_at?: string | null;
                    /**
                     * @description `whsec_` and 24 to 64 bytes in base64. Where it is left out, one is made.
                     * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                     */
                    secret_key?: string;
                    readonly id?: unknown;
                    readonly integration?: unknown;
                    readonly disabled_reason?: unknown;
                    readonly failing_since?: unknown;
                    readonly created_at?: unknown;
                    readonly updated_at?: unknown;
                };
                "application/x-www-form-urlencoded": {
                    /**
                     * @description Where events are sent: https, on the public internet, without a fragment.
                     * @example https://example.com/hooks
                     */
                    url: string;
                    /**
                     * @description Which types it is told of: names, all of a noun such as `connection.*`, or `*`.
                     * @default [
                     *       "*"
                     *     ]
                     */
                    events?: ("*" | "api_key.*" | "connection.*" | "endpoint.*" | "freelancer.*" | "integration.*" | "webhook.*" | "api_key.created" | "api_key.revoked" | "api_key.rolled" | "api_key.updated" | "connection.created" | "connection.credential_changed" | "connection.deleted" | "connection.health_changed" | "connection.refresh_failed" | "connection.updated" | "endpoint.disabled" | "freelancer.created" | "freelancer.deleted" | "freelancer.updated" | "integration.created" | "integration.deleted" | "integration.updated" | "webhook.created" | "webhook.deleted" | "webhook.test" | "webhook.updated")[];
                    /**
                     * @description Any JSON object, given back as it came.
                     * @default {}
                     */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * Format: date-time
                     * @description null enables it; any time disables it, now.
                     * @example 2027-01-31T12:00:00.000000Z
                     * @example null
                     */
                    disabled_at?: string | null;
                    /**
                     * @description `whsec_` and 24 to 64 bytes in base64. Where it is left out, one is made.
                     * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                     */
                    secret_key?: string;
                    readonly id?: unknown;
                    readonly integration?: unknown;
                    readonly disabled_reason?: unknown;
                    readonly failing_since?: unknown;
                    readonly created_at?: unknown;
                    readonly updated_at?: unknown;
                };
                "multipart/form-data": {
                    /**
                     * @description Where events are sent: https, on the public internet, without a fragment.
                     * @example https://example.com/hooks
                     */
                    url: string;
                    /**
                     * @description Which types it is told of: names, all of a noun such as `connection.*`, or `*`.
                     * @default [
                     *       "*"
                     *     ]
                     */
                    events?: ("*" | "api_key.*" | "connection.*" | "endpoint.*" | "freelancer.*" | "integration.*" | "webhook.*" | "api_key.created" | "api_key.revoked" | "api_key.rolled" | "api_key.updated" | "connection.created" | "connection.credential_changed" | "connection.deleted" | "connection.health_changed" | "connection.refresh_failed" | "connection.updated" | "endpoint.disabled" | "freelancer.created" | "freelancer.deleted" | "freelancer.updated" | "integration.created" | "integration.deleted" | "integration.updated" | "webhook.created" | "webhook.deleted" | "webhook.test" | "webhook.updated")[];
                    /**
                     * @description Any JSON object, given back as it came.
                     * @default {}
                     */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * Format: date-time
                     * @description null enables it; any time disables it, now.
                     * @example 2027-01-31T12:00:00.000000Z
                     * @example null
                     */
                    disabled_at?: string | null;
                    /**
                     * @description `whsec_` and 24 to 64 bytes in base64. Where it is left out, one is made.
                     * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                     */
                    secret_key?: string;
                    readonly id?: unknown;
                    readonly integration?: unknown;
                    readonly disabled_reason?: unknown;
                    readonly failing_since?: unknown;
                    readonly created_at?: unknown;
                    readonly updated_at?: unknown;
                };
            };
        };
        responses: {
            /** @description The new webhook. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Stays as long as the webhook does. */
                        id: string;
                        /** @description The id of the integration it hangs on. */
                        integration: string;
                        url: string;
                        events: string[];
                        metadata: {
                            [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description Since when nothing is sent; null where it is enabled.
                         */
                        disabled_at: string | null;
                        /**
                         * @description `by_request`; `gone`: the receiver answered 410; `failing`: every attempt failed for five days; `secret_damaged`: the stored secret does not open any more, rotate it.
                         * @enum {string|null}
                         */
                        disabled_reason: "by_request" | "gone" | "failing" | "secret_damaged" | null;
                        /**
                         * Format: date-time
                         * @description Since when every attempt has failed; null after one that did not.
                         */
                        failing_since: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        created_at: string;
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        updated_at: string;
                        /** @description What deliveries are signed with. It is shown this once. */
                        secret_key: string;
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_webhooks_retrieve: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Stays as long as the webhook does. */
                        id: string;
                        /** @description The id of the integration it hangs on. */
                        integration: string;
                        url: string;
                        events: string[];
                        metadata: {
                            [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description Since when nothing is sent; null where it is enabled.
                         */
                        disabled_at: string | null;
                        /**
                         * @description `by_request`; `gone`: the receiver answered 410; `failing`: every attempt failed for five days; `secret_damaged`: the stored secret does not open any more, rotate it.
                         * @enum {string|null}
                         */
                        disabled_reason: "by_request" | "gone" | "failing" | "secret_damaged" | null;
                        /**
                         * Format: date-time
                         * @description Since when every attempt has failed; null after one that did not.
                         */
                        failing_since: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        created_at: string;
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        updated_at: string;
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_webhooks_replace: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "url": "https://example.com/hooks"
                 *     }
                 */
                "application/json": {
                    /**
                     * @description Where events are sent: https, on the public internet, without a fragment.
                     * @example https://example.com/hooks
                     */
                    url: string;
                    /**
                     * @description Which types it is told of: names, all of a noun such as `connection.*`, or `*`.
                     * @default [
                     *       "*"
                     *     ]
                     */
                    events?: ("*" | "api_key.*" | "connection.*" | "endpoint.*" | "freelancer.*" | "integration.*" | "webhook.*" | "api_key.created" | "api_key.revoked" | "api_key.rolled" | "api_key.updated" | "connection.created" | "connection.credential_changed" | "connection.deleted" | "connection.health_changed" | "connection.refresh_failed" | "connection.updated" | "endpoint.disabled" | "freelancer.created" | "freelancer.deleted" | "freelancer.updated" | "integration.created" | "integration.deleted" | "integration.updated" | "webhook.created" | "webhook.deleted" | "webhook.test" | "webhook.updated")[];
                    /**
                     * @description Any JSON object, given back as it came.
                     * @default {}
                     */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * Format: date-time
                     * @description null enables it; any time disables it, now.
                     * @example 2027-01-31T12:00:00.000000Z
                     * @example null
                     */
                    disabled_at?: string | null;
                    readonly id?: unknown;
                    readonly integration?: unknown;
                    readonly disabled_reason?: unknown;
                    readonly failing_since?: unknown;
                    readonly created_at?: unknown;
                    readonly updated_at?: unknown;
                };
                "application/x-www-form-urlencoded": {
                    /**
                     * @description Where events are sent: https, on the public internet, without a fragment.
                     * @example https://example.com/hooks
                     */
                    url: string;
                    /**
                     * @description Which types it is told of: names, all of a noun such as `connection.*`, or `*`.
                     * @default [
                     *       "*"
                     *     ]
                     */
                    events?: ("*" | "api_key.*" | "connection.*" | "endpoint.*" | "freelancer.*" | "integration.*" | "webhook.*" | "api_key.created" | "api_key.revoked" | "api_key.rolled" | "api_key.updated" | "connection.created" | "connection.credential_changed" | "connection.deleted" | "connection.health_changed" | "connection.refresh_failed" | "connection.updated" | "endpoint.disabled" | "freelancer.created" | "freelancer.deleted" | "freelancer.updated" | "integration.created" | "integration.deleted" | "integration.updated" | "webhook.created" | "webhook.deleted" | "webhook.test" | "webhook.updated")[];
                    /**
                     * @description Any JSON object, given back as it came.
                     * @default {}
                     */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * Format: date-time
                     * @description null enables it; any time disables it, now.
                     * @example 2027-01-31T12:00:00.000000Z
                     * @example null
                     */
                    disabled_at?: string | null;
                    readonly id?: unknown;
                    readonly integration?: unknown;
                    readonly disabled_reason?: unknown;
                    readonly failing_since?: unknown;
                    readonly created_at?: unknown;
                    readonly updated_at?: unknown;
                };
                "multipart/form-data": {
                    /**
                     * @description Where events are sent: https, on the public internet, without a fragment.
                     * @example https://example.com/hooks
                     */
                    url: string;
                    /**
                     * @description Which types it is told of: names, all of a noun such as `connection.*`, or `*`.
                     * @default [
                     *       "*"
                     *     ]
                     */
                    events?: ("*" | "api_key.*" | "connection.*" | "endpoint.*" | "freelancer.*" | "integration.*" | "webhook.*" | "api_key.created" | "api_key.revoked" | "api_key.rolled" | "api_key.updated" | "connection.created" | "connection.credential_changed" | "connection.deleted" | "connection.health_changed" | "connection.refresh_failed" | "connection.updated" | "endpoint.disabled" | "freelancer.created" | "freelancer.deleted" | "freelancer.updated" | "integration.created" | "integration.deleted" | "integration.updated" | "webhook.created" | "webhook.deleted" | "webhook.test" | "webhook.updated")[];
                    /**
                     * @description Any JSON object, given back as it came.
                     * @default {}
                     */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * Format: date-time
                     * @description null enables it; any time disables it, now.
                     * @example 2027-01-31T12:00:00.000000Z
                     * @example null
                     */
                    disabled_at?: string | null;
                    readonly id?: unknown;
                    readonly integration?: unknown;
                    readonly disabled_reason?: unknown;
                    readonly failing_since?: unknown;
                    readonly created_at?: unknown;
                    readonly updated_at?: unknown;
                };
            };
        };
        responses: {
            /** @description The webhook as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Stays as long as the webhook does. */
                        id: string;
                        /** @description The id of the integration it hangs on. */
                        integration: string;
                        url: string;
                        events: string[];
                        metadata: {
                            [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description Since when nothing is sent; null where it is enabled.
                         */
                        disabled_at: string | null;
                        /**
                         * @description `by_request`; `gone`: the receiver answered 410; `failing`: every attempt failed for five days; `secret_damaged`: the stored secret does not open any more, rotate it.
                         * @enum {string|null}
                         */
                        disabled_reason: "by_request" | "gone" | "failing" | "secret_damaged" | null;
                        /**
                         * Format: date-time
                         * @description Since when every attempt has failed; null after one that did not.
                         */
                        failing_since: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        created_at: string;
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        updated_at: string;
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_webhooks_remove: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_webhooks_change: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    /**
                     * @description Where events are sent: https, on the public internet, without a fragment.
                     * @example https://example.com/hooks
                     */
                    url?: string;
                    /**
                     * @description Which types it is told of: names, all of a noun such as `connection.*`, or `*`.
                     * @default [
                     *       "*"
                     *     ]
                     */
                    events?: ("*" | "api_key.*" | "connection.*" | "endpoint.*" | "freelancer.*" | "integration.*" | "webhook.*" | "api_key.created" | "api_key.revoked" | "api_key.rolled" | "api_key.updated" | "connection.created" | "connection.credential_changed" | "connection.deleted" | "connection.health_changed" | "connection.refresh_failed" | "connection.updated" | "endpoint.disabled" | "freelancer.created" | "freelancer.deleted" | "freelancer.updated" | "integration.created" | "integration.deleted" | "integration.updated" | "webhook.created" | "webhook.deleted" | "webhook.test" | "webhook.updated")[];
                    /**
                     * @description Any JSON object, given back as it came.
                     * @default {}
                     */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * Format: date-time
                     * @description null enables it; any time disables it, now.
                     * @example 2027-01-31T12:00:00.000000Z
                     * @example null
                     */
                    disabled_at?: string | null;
                    readonly id?: unknown;
                    readonly integration?: unknown;
                    readonly disabled_reason?: unknown;
                    readonly failing_since?: unknown;
                    readonly created_at?: unknown;
                    readonly updated_at?: unknown;
                };
                "application/x-www-form-urlencoded": {
                    /**
                     * @description Where events are sent: https, on the public internet, without a fragment.
                     * @example https://example.com/hooks
                     */
                    url?: string;
                    /**
                     * @description Which types it is told of: names, all of a noun such as `connection.*`, or `*`.
                     * @default [
                     *       "*"
                     *     ]
                     */
                    events?: ("*" | "api_key.*" | "connection.*" | "endpoint.*" | "freelancer.*" | "integration.*" | "webhook.*" | "api_key.created" | "api_key.revoked" | "api_key.rolled" | "api_key.updated" | "connection.created" | "connection.credential_changed" | "connection.deleted" | "connection.health_changed" | "connection.refresh_failed" | "connection.updated" | "endpoint.disabled" | "freelancer.created" | "freelancer.deleted" | "freelancer.updated" | "integration.created" | "integration.deleted" | "integration.updated" | "webhook.created" | "webhook.deleted" | "webhook.test" | "webhook.updated")[];
                    /**
                     * @description Any JSON object, given back as it came.
                     * @default {}
                     */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * Format: date-time
                     * @description null enables it; any time disables it, now.
                     * @example 2027-01-31T12:00:00.000000Z
                     * @example null
                     */
                    disabled_at?: string | null;
                    readonly id?: unknown;
                    readonly integration?: unknown;
                    readonly disabled_reason?: unknown;
                    readonly failing_since?: unknown;
                    readonly created_at?: unknown;
                    readonly updated_at?: unknown;
                };
                "multipart/form-data": {
                    /**
                     * @description Where events are sent: https, on the public internet, without a fragment.
                     * @example https://example.com/hooks
                     */
                    url?: string;
                    /**
                     * @description Which types it is told of: names, all of a noun such as `connection.*`, or `*`.
                     * @default [
                     *       "*"
                     *     ]
                     */
                    events?: ("*" | "api_key.*" | "connection.*" | "endpoint.*" | "freelancer.*" | "integration.*" | "webhook.*" | "api_key.created" | "api_key.revoked" | "api_key.rolled" | "api_key.updated" | "connection.created" | "connection.credential_changed" | "connection.deleted" | "connection.health_changed" | "connection.refresh_failed" | "connection.updated" | "endpoint.disabled" | "freelancer.created" | "freelancer.deleted" | "freelancer.updated" | "integration.created" | "integration.deleted" | "integration.updated" | "webhook.created" | "webhook.deleted" | "webhook.test" | "webhook.updated")[];
                    /**
                     * @description Any JSON object, given back as it came.
                     * @default {}
                     */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    /**
                     * Format: date-time
                     * @description null enables it; any time disables it, now.
                     * @example 2027-01-31T12:00:00.000000Z
                     * @example null
                     */
                    disabled_at?: string | null;
                    readonly id?: unknown;
                    readonly integration?: unknown;
                    readonly disabled_reason?: unknown;
                    readonly failing_since?: unknown;
                    readonly created_at?: unknown;
                    readonly updated_at?: unknown;
                };
            };
        };
        responses: {
            /** @description The webhook as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Stays as long as the webhook does. */
                        id: string;
                        /** @description The id of the integration it hangs on. */
                        integration: string;
                        url: string;
                        events: string[];
                        metadata: {
                            [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description Since when nothing is sent; null where it is enabled.
                         */
                        disabled_at: string | null;
                        /**
                         * @description `by_request`; `gone`: the receiver answered 410; `failing`: every attempt failed for five days; `secret_damaged`: the stored secret does not open any more, rotate it.
                         * @enum {string|null}
                         */
                        disabled_reason: "by_request" | "gone" | "failing" | "secret_damaged" | null;
                        /**
                         * Format: date-time
                         * @description Since when every attempt has failed; null after one that did not.
                         */
                        failing_since: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        created_at: string;
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        updated_at: string;
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_webhooks_rotate_secret: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    /**
                     * @description `whsec_` and 24 to 64 bytes in base64. Where it is left out, one is made.
                     * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                     */
                    secret_key?: string;
                };
                "application/x-www-form-urlencoded": {
                    /**
                     * @description `whsec_` and 24 to 64 bytes in base64. Where it is left out, one is made.
                     * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                     */
                    secret_key?: string;
                };
                "multipart/form-data": {
                    /**
                     * @description `whsec_` and 24 to 64 bytes in base64. Where it is left out, one is made.
                     * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
                     */
                    secret_key?: string;
                };
            };
        };
        responses: {
            /** @description The webhook, with its new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Stays as long as the webhook does. */
                        id: string;
                        /** @description The id of the integration it hangs on. */
                        integration: string;
                        url: string;
                        events: string[];
                        metadata: {
                            [key: string]: unknown;
                        };
                        /**
                         * Format: date-time
                         * @description Since when nothing is sent; null where it is enabled.
                         */
                        disabled_at: string | null;
                        /**
                         * @description `by_request`; `gone`: the receiver answered 410; `failing`: every attempt failed for five days; `secret_damaged`: the stored secret does not open any more, rotate it.
                         * @enum {string|null}
                         */
                        disabled_reason: "by_request" | "gone" | "failing" | "secret_damaged" | null;
                        /**
                         * Format: date-time
                         * @description Since when every attempt has failed; null after one that did not.
                         */
                        failing_since: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        created_at: string;
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        updated_at: string;
                        /** @description What deliveries are signed with. It is shown this once. */
                        secret_key: string;
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_deliveries_list: {
        parameters: {
            query?: {
                cursor?: string;
                page_size?: string;
                status?: string;
            };
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Some deliveries, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uri */
                        next: string | null;
                        /** Format: uri */
                        previous: string | null;
                        results: {
                            /** @description Of the event, and the `webhook-id` of every attempt. */
                            id: string;
                            /** @example connection.updated */
                            type: string;
                            sequence: number;
                            /** @enum {string} */
                            status: "pending" | "delivered" | "exhausted";
                            /**
                             * Format: date-time
                             * @example 2026-01-31T12:00:00.000000Z
                             */
                            created_at: string;
                            /**
                             * Format: date-time
                             * @description When it is tried next; null where it is not.
                             */
                            next_attempt_at: string | null;
                            /** @description How many are told of: the latest twenty. */
                            attempts_made: number;
                            /** @description What the receiver answered last. */
                            last_status: number | null;
                        }[];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_deliveries_retrieve: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of the event, and the `webhook-id` of every attempt. */
                        id: string;
                        /** @example connection.updated */
                        type: string;
                        sequence: number;
                        /** @enum {string} */
                        status: "pending" | "delivered" | "exhausted";
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        created_at: string;
                        /**
                         * Format: date-time
                         * @description When it is tried next; null where it is not.
                         */
                        next_attempt_at: string | null;
                        /** @description How many are told of: the latest twenty. */
                        attempts_made: number;
                        /** @description What the receiver answered last. */
                        last_status: number | null;
                        /** @description Oldest first. */
                        attempts: {
                            /**
                             * Format: date-time
                             * @example 2026-01-31T12:00:00.000000Z
                             */
                            at: string;
                            /** @description What the receiver answered; null where it did not. */
                            status: number | null;
                            /** @enum {string|null} */
                            error: "no_answer" | "timed_out" | "answer_too_large" | null;
                            duration_ms: number;
                            /** @description The first 4 KiB of the answer; what looks like a key in it is masked. */
                            answer: string | null;
                        }[];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_deliveries_replay: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, begun anew. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of the event, and the `webhook-id` of every attempt. */
                        id: string;
                        /** @example connection.updated */
                        type: string;
                        sequence: number;
                        /** @enum {string} */
                        status: "pending" | "delivered" | "exhausted";
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        created_at: string;
                        /**
                         * Format: date-time
                         * @description When it is tried next; null where it is not.
                         */
                        next_attempt_at: string | null;
                        /** @description How many are told of: the latest twenty. */
                        attempts_made: number;
                        /** @description What the receiver answered last. */
                        last_status: number | null;
                        /** @description Oldest first. */
                        attempts: {
                            /**
                             * Format: date-time
                             * @example 2026-01-31T12:00:00.000000Z
                             */
                            at: string;
                            /** @description What the receiver answered; null where it did not. */
                            status: number | null;
                            /** @enum {string|null} */
                            error: "no_answer" | "timed_out" | "answer_too_large" | null;
                            duration_ms: number;
                            /** @description The first 4 KiB of the answer; what looks like a key in it is masked. */
                            answer: string | null;
                        }[];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_deliveries_replay_range: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example {} */
                "application/json": {
                    /**
                     * Format: date-time
                     * @description Events from this time on.
                     * @example 2026-01-31T12:00:00.000000Z
                     */
                    since?: string;
                    /**
                     * Format: date-time
                     * @description Events before this time.
                     * @example 2026-01-31T12:00:00.000000Z
                     */
                    until?: string;
                    /** @description Events after this number: where an earlier part has ended. */
                    after?: number;
                    /**
                     * @description `undelivered`: what is exhausted or was never sent; `all`: what was delivered too.
                     * @default undelivered
                     * @enum {string}
                     */
                    which?: "undelivered" | "all";
                };
                "application/x-www-form-urlencoded": {
                    /**
                     * Format: date-time
                     * @description Events from this time on.
                     * @example 2026-01-31T12:00:00.000000Z
                     */
                    since?: string;
                    /**
                     * Format: date-time
                     * @description Events before this time.
                     * @example 2026-01-31T12:00:00.000000Z
                     */
                    until?: string;
                    /** @description Events after this number: where an earlier part has ended. */
                    after?: number;
                    /**
                     * @description `undelivered`: what is exhausted or was never sent; `all`: what was delivered too.
                     * @default undelivered
                     * @enum {string}
                     */
                    which?: "undelivered" | "all";
                };
                "multipart/form-data": {
                    /**
                     * Format: date-time
                     * @description Events from this time on.
                     * @example 2026-01-31T12:00:00.000000Z
                     */
                    since?: string;
                    /**
                     * Format: date-time
                     * @description Events before this time.
                     * @example 2026-01-31T12:00:00.000000Z
                     */
                    until?: string;
                    /** @description Events after this number: where an earlier part has ended. */
                    after?: number;
                    /**
                     * @description `undelivered`: what is exhausted or was never sent; `all`: what was delivered too.
                     * @default undelivered
                     * @enum {string}
                     */
                    which?: "undelivered" | "all";
                };
            };
        };
        responses: {
            /** @description What begins anew; at most 500 events a request. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many deliveries begin anew. */
                        replayed: number;
                        /** @description Where to go on; null where the range has ended. */
                        after: number | null;
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_deliveries_test: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description Whom the request acts as. A key that is bound to one integration may leave it out.
                 * @example 1
                 */
                "Integration-ID"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery, tried once. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Of the event, and the `webhook-id` of every attempt. */
                        id: string;
                        /** @example connection.updated */
                        type: string;
                        sequence: number;
                        /** @enum {string} */
                        status: "pending" | "delivered" | "exhausted";
                        /**
                         * Format: date-time
                         * @example 2026-01-31T12:00:00.000000Z
                         */
                        created_at: string;
                        /**
                         * Format: date-time
                         * @description When it is tried next; null where it is not.
                         */
                        next_attempt_at: string | null;
                        /** @description How many are told of: the latest twenty. */
                        attempts_made: number;
                        /** @description What the receiver answered last. */
                        last_status: number | null;
                        /** @description Oldest first. */
                        attempts: {
                            /**
                             * Format: date-time
                             * @example 2026-01-31T12:00:00.000000Z
                             */
                            at: string;
                            /** @description What the receiver answered; null where it did not. */
                            status: number | null;
                            /** @enum {string|null} */
                            error: "no_answer" | "timed_out" | "answer_too_large" | null;
                            duration_ms: number;
                            /** @description The first 4 KiB of the answer; what looks like a key in it is masked. */
                            answer: string | null;
                        }[];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_accounts_list: {
        parameters: {
            query?: {
                page?: string;
                page_size?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, by ascending id. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description How many there are on all pages. */
                        count: number;
                        /** Format: uri */
                        next: string | null;
                        /** Format: uri */
                        previous: string | null;
                        results: components["schemas"]["Account"][];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_accounts_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "My product"
                 *     }
                 */
                "application/json": components["schemas"]["NewAccount"];
                "application/x-www-form-urlencoded": components["schemas"]["NewAccount"];
                "multipart/form-data": components["schemas"]["NewAccount"];
            };
        };
        responses: {
            /** @description The account, and its key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedAccount"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_accounts_retrieve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    v2_accounts_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone; its number is given to nobody else. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    operations_operations_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ok";
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    operations_operations_readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They may. `reasons` says what is not as it should be all the same, such as a full disk. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ready";
                        reasons: {
                            /**
                             * @description What was looked at.
                             * @example writes
                             */
                            check: string;
                            /** @example The store has no room to write; reading goes on. */
                            detail: string;
                        }[];
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    operations_operations_openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    operations_metrics_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text, one sample in a line. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain; version=0.0.4; charset=utf-8": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    docs_docs_home: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    docs_docs_llms: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A list. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    docs_docs_page: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                page: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    docs_docs_reference: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    docs_docs_asset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    docs_docs_error: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
    media_logos_logo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The picture; it never changes under its name. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": unknown;
                };
            };
            /** @description An error, in words. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorV2"];
                };
            };
        };
    };
}
