name: mymagento
type: php:8.2
build:
    flavor: none
hooks:
    build: |
        set -e
        composer install
        php ./vendor/bin/ece-patches apply
        php ./bin/magento setup:di:compile
