CREATE TABLE IF NOT EXISTS {store_website} (
    website_id smallint unsigned NOT NULL AUTO_INCREMENT,
    code varchar(32) DEFAULT NULL,
    name varchar(64) DEFAULT NULL,
    sort_order smallint unsigned NOT NULL DEFAULT 0,
    default_group_id smallint unsigned NOT NULL DEFAULT 0,
    is_default smallint unsigned DEFAULT 0,
    PRIMARY KEY (website_id),
    UNIQUE KEY (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS {store_group} (
    group_id smallint unsigned NOT NULL AUTO_INCREMENT,
    website_id smallint unsigned NOT NULL DEFAULT 0,
    name varchar(255) NOT NULL,
    root_category_id int unsigned NOT NULL DEFAULT 0,
    default_store_id smallint unsigned NOT NULL DEFAULT 0,
    code varchar(32) DEFAULT NULL,
    PRIMARY KEY (group_id),
    UNIQUE KEY (code),
    FOREIGN KEY (website_id) REFERENCES {store_website} (website_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS {store} (
    store_id smallint unsigned NOT NULL AUTO_INCREMENT,
    code varchar(32) DEFAULT NULL,
    website_id smallint unsigned NOT NULL DEFAULT 0,
    group_id smallint unsigned NOT NULL DEFAULT 0,
    name varchar(255) NOT NULL,
    sort_order smallint unsigned NOT NULL DEFAULT 0,
    is_active smallint unsigned NOT NULL DEFAULT 0,
    PRIMARY KEY (store_id),
    UNIQUE KEY (code),
    FOREIGN KEY (website_id) REFERENCES {store_website} (website_id) ON DELETE CASCADE,
    FOREIGN KEY (group_id) REFERENCES {store_group} (group_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS {core_config_data} (
    config_id int unsigned NOT NULL AUTO_INCREMENT,
    scope varchar(8) NOT NULL DEFAULT 'default',
    scope_id int NOT NULL DEFAULT 0,
    path varchar(255) NOT NULL DEFAULT 'general',
    value text DEFAULT NULL,
    updated_at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
    PRIMARY KEY (config_id),
    UNIQUE KEY (scope, scope_id, path)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS {customer_group} (
    customer_group_id int unsigned NOT NULL AUTO_INCREMENT,
    customer_group_code varchar(32) NOT NULL,
    tax_class_id int unsigned NOT NULL DEFAULT 0,
    PRIMARY KEY (customer_group_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS {customer_group_excluded_website} (
    entity_id int unsigned NOT NULL AUTO_INCREMENT,
    customer_group_id int unsigned NOT NULL,
    website_id smallint unsigned NOT NULL,
    PRIMARY KEY (entity_id),
    FOREIGN KEY (customer_group_id) REFERENCES {customer_group} (customer_group_id) ON DELETE CASCADE,
    FOREIGN KEY (website_id) REFERENCES {store_website} (website_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS {customer_entity} (
    entity_id int unsigned NOT NULL AUTO_INCREMENT,
    website_id smallint unsigned DEFAULT NULL,
    email varchar(255) DEFAULT NULL,
    group_id smallint unsigned NOT NULL DEFAULT 0,
    increment_id varchar(50) DEFAULT NULL,
    store_id smallint unsigned DEFAULT 0,
    created_at timestamp NOT NULL DEFAULT current_timestamp(),
    updated_at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
    is_active smallint unsigned NOT NULL DEFAULT 1,
    disable_auto_group_change smallint unsigned NOT NULL DEFAULT 0,
    created_in varchar(255) DEFAULT NULL,
    prefix varchar(40) DEFAULT NULL,
    firstname varchar(255) DEFAULT NULL,
    middlename varchar(255) DEFAULT NULL,
    lastname varchar(255) DEFAULT NULL,
    suffix varchar(40) DEFAULT NULL,
    dob date DEFAULT NULL,
    password_hash varchar(128) DEFAULT NULL,
    rp_token varchar(128) DEFAULT NULL,
    rp_token_created_at datetime DEFAULT NULL,
    default_billing int unsigned DEFAULT NULL,
    default_shipping int unsigned DEFAULT NULL,
    taxvat varchar(50) DEFAULT NULL,
    confirmation varchar(64) DEFAULT NULL,
    gender smallint unsigned DEFAULT NULL,
    failures_num smallint DEFAULT 0,
    first_failure timestamp NULL DEFAULT NULL,
    lock_expires timestamp NULL DEFAULT NULL,
    session_cutoff timestamp NULL DEFAULT NULL,
    PRIMARY KEY (entity_id),
    UNIQUE KEY (email, website_id),
    FOREIGN KEY (store_id) REFERENCES {store} (store_id) ON DELETE SET NULL,
    FOREIGN KEY (website_id) REFERENCES {store_website} (website_id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS {customer_log} (
    log_id int NOT NULL AUTO_INCREMENT,
    customer_id int NOT NULL,
    last_login_at timestamp NULL DEFAULT NULL,
    last_logout_at timestamp NULL DEFAULT NULL,
    PRIMARY KEY (log_id),
    UNIQUE KEY (customer_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS {customer_grid_flat} (
    entity_id int unsigned NOT NULL,
    name text DEFAULT NULL,
    email varchar(255) DEFAULT NULL,
    group_id int DEFAULT NULL,
    created_at timestamp NULL DEFAULT NULL,
    website_id int DEFAULT NULL,
    PRIMARY KEY (entity_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS {persistent_session} (
    persistent_id int unsigned NOT NULL AUTO_INCREMENT,
    `key` varchar(50) NOT NULL,
    customer_id int unsigned DEFAULT NULL,
    website_id smallint unsigned NOT NULL DEFAULT 0,
    info text DEFAULT NULL,
    updated_at timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp(),
    PRIMARY KEY (persistent_id),
    UNIQUE KEY (`key`),
    UNIQUE KEY (customer_id),
    FOREIGN KEY (customer_id) REFERENCES {customer_entity} (entity_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS {oauth_token_request_log} (
    log_id int unsigned NOT NULL AUTO_INCREMENT,
    user_name varchar(255) NOT NULL,
    user_type smallint unsigned NOT NULL,
    failures_count smallint unsigned DEFAULT 0,
    lock_expires_at timestamp NOT NULL DEFAULT current_timestamp(),
    PRIMARY KEY (log_id),
    UNIQUE KEY (user_name, user_type)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS {queue_poison_pill} (
    version varchar(255) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
