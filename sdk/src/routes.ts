// Made from the contract by `npm run generate -w sdk`: change that, not this.
export const routes = {
  "integrations": {
    "list": {
      "id": "v2_integrations_list",
      "method": "GET",
      "path": "/v2/integrations/"
    },
    "create": {
      "id": "v2_integrations_create",
      "method": "POST",
      "path": "/v2/integrations/"
    },
    "retrieve": {
      "id": "v2_integrations_retrieve",
      "method": "GET",
      "path": "/v2/integrations/{id}/"
    },
    "replace": {
      "id": "v2_integrations_replace",
      "method": "PUT",
      "path": "/v2/integrations/{id}/"
    },
    "change": {
      "id": "v2_integrations_change",
      "method": "PATCH",
      "path": "/v2/integrations/{id}/"
    },
    "remove": {
      "id": "v2_integrations_remove",
      "method": "DELETE",
      "path": "/v2/integrations/{id}/"
    }
  },
  "freelancers": {
    "list": {
      "id": "v2_freelancers_list",
      "method": "GET",
      "path": "/v2/freelancers/"
    },
    "create": {
      "id": "v2_freelancers_create",
      "method": "POST",
      "path": "/v2/freelancers/"
    },
    "retrieve": {
      "id": "v2_freelancers_retrieve",
      "method": "GET",
      "path": "/v2/freelancers/{id}/"
    },
    "replace": {
      "id": "v2_freelancers_replace",
      "method": "PUT",
      "path": "/v2/freelancers/{id}/"
    },
    "change": {
      "id": "v2_freelancers_change",
      "method": "PATCH",
      "path": "/v2/freelancers/{id}/"
    },
    "remove": {
      "id": "v2_freelancers_remove",
      "method": "DELETE",
      "path": "/v2/freelancers/{id}/"
    }
  },
  "providers": {
    "list": {
      "id": "v2_providers_list",
      "method": "GET",
      "path": "/v2/providers/"
    },
    "retrieve": {
      "id": "v2_providers_retrieve",
      "method": "GET",
      "path": "/v2/providers/{name}/"
    }
  },
  "connections": {
    "list": {
      "id": "v2_connections_list",
      "method": "GET",
      "path": "/v2/connections/"
    },
    "create": {
      "id": "v2_connections_create",
      "method": "POST",
      "path": "/v2/connections/"
    },
    "retrieve": {
      "id": "v2_connections_retrieve",
      "method": "GET",
      "path": "/v2/connections/{id}/"
    },
    "replace": {
      "id": "v2_connections_replace",
      "method": "PUT",
      "path": "/v2/connections/{id}/"
    },
    "change": {
      "id": "v2_connections_change",
      "method": "PATCH",
      "path": "/v2/connections/{id}/"
    },
    "remove": {
      "id": "v2_connections_remove",
      "method": "DELETE",
      "path": "/v2/connections/{id}/"
    },
    "reveal": {
      "id": "v2_connections_reveal",
      "method": "POST",
      "path": "/v2/connections/{id}/reveal/"
    },
    "previous": {
      "id": "v2_connections_previous",
      "method": "GET",
      "path": "/v2/connections/{id}/restore/"
    },
    "restore": {
      "id": "v2_connections_restore",
      "method": "POST",
      "path": "/v2/connections/{id}/restore/"
    },
    "usage": {
      "id": "v2_connections_usage",
      "method": "GET",
      "path": "/v2/connections/{id}/usage/"
    },
    "verify": {
      "id": "v2_connections_verify",
      "method": "POST",
      "path": "/v2/connections/{id}/verify/"
    },
    "checks": {
      "id": "v2_connections_checks",
      "method": "GET",
      "path": "/v2/connections/{id}/checks/"
    },
    "embed": {
      "id": "v2_connections_embed",
      "method": "GET",
      "path": "/v2/connections/{id}/embed/"
    },
    "explain": {
      "id": "v2_connections_explain",
      "method": "POST",
      "path": "/v2/connections/{id}/explain/"
    }
  },
  "apiKeys": {
    "list": {
      "id": "v2_api_keys_list",
      "method": "GET",
      "path": "/v2/api_keys/"
    },
    "create": {
      "id": "v2_api_keys_create",
      "method": "POST",
      "path": "/v2/api_keys/"
    },
    "current": {
      "id": "v2_api_keys_current",
      "method": "GET",
      "path": "/v2/api_keys/current/"
    },
    "retrieve": {
      "id": "v2_api_keys_retrieve",
      "method": "GET",
      "path": "/v2/api_keys/{id}/"
    },
    "change": {
      "id": "v2_api_keys_change",
      "method": "PATCH",
      "path": "/v2/api_keys/{id}/"
    },
    "remove": {
      "id": "v2_api_keys_remove",
      "method": "DELETE",
      "path": "/v2/api_keys/{id}/"
    },
    "roll": {
      "id": "v2_api_keys_roll",
      "method": "POST",
      "path": "/v2/api_keys/{id}/roll/"
    }
  },
  "audit": {
    "list": {
      "id": "v2_audit_list",
      "method": "GET",
      "path": "/v2/audit/"
    },
    "export": {
      "id": "v2_audit_export",
      "method": "GET",
      "path": "/v2/audit/export/"
    }
  },
  "events": {
    "list": {
      "id": "v2_events_list",
      "method": "GET",
      "path": "/v2/events/"
    },
    "retrieve": {
      "id": "v2_events_retrieve",
      "method": "GET",
      "path": "/v2/events/{id}/"
    }
  },
  "webhooks": {
    "list": {
      "id": "v2_webhooks_list",
      "method": "GET",
      "path": "/v2/webhooks/"
    },
    "create": {
      "id": "v2_webhooks_create",
      "method": "POST",
      "path": "/v2/webhooks/"
    },
    "retrieve": {
      "id": "v2_webhooks_retrieve",
      "method": "GET",
      "path": "/v2/webhooks/{id}/"
    },
    "replace": {
      "id": "v2_webhooks_replace",
      "method": "PUT",
      "path": "/v2/webhooks/{id}/"
    },
    "change": {
      "id": "v2_webhooks_change",
      "method": "PATCH",
      "path": "/v2/webhooks/{id}/"
    },
    "remove": {
      "id": "v2_webhooks_remove",
      "method": "DELETE",
      "path": "/v2/webhooks/{id}/"
    },
    "rotateSecret": {
      "id": "v2_webhooks_rotate_secret",
      "method": "POST",
      "path": "/v2/webhooks/{id}/rotate_secret/"
    }
  },
  "deliveries": {
    "list": {
      "id": "v2_deliveries_list",
      "method": "GET",
      "path": "/v2/webhooks/{id}/deliveries/"
    },
    "retrieve": {
      "id": "v2_deliveries_retrieve",
      "method": "GET",
      "path": "/v2/webhooks/{id}/deliveries/{delivery}/"
    },
    "replay": {
      "id": "v2_deliveries_replay",
      "method": "POST",
      "path": "/v2/webhooks/{id}/deliveries/{delivery}/replay/"
    },
    "replayRange": {
      "id": "v2_deliveries_replay_range",
      "method": "POST",
      "path": "/v2/webhooks/{id}/replay/"
    },
    "test": {
      "id": "v2_deliveries_test",
      "method": "POST",
      "path": "/v2/webhooks/{id}/test/"
    }
  },
  "accounts": {
    "list": {
      "id": "v2_accounts_list",
      "method": "GET",
      "path": "/v2/accounts/"
    },
    "create": {
      "id": "v2_accounts_create",
      "method": "POST",
      "path": "/v2/accounts/"
    },
    "retrieve": {
      "id": "v2_accounts_retrieve",
      "method": "GET",
      "path": "/v2/accounts/{id}/"
    },
    "remove": {
      "id": "v2_accounts_remove",
      "method": "DELETE",
      "path": "/v2/accounts/{id}/"
    }
  }
} as const
