<?php

declare(strict_types=1);

namespace Magento\Framework\App;

/**
 * The areas, and which one the first part of a URL's path asks for.
 */
class AreaList
{
    public const GLOBAL = 'global';
    public const FRONTEND = 'frontend';
    public const ADMINHTML = 'adminhtml';
    public const CRONTAB = 'crontab';
    public const REST = 'webapi_rest';
    public const SOAP = 'webapi_soap';
    public const GRAPHQL = 'graphql';

    /** Those that etc/AREA/ folders and generated/metadata/AREA.php exist for. */
    public const CODES = [
        self::GLOBAL,
        self::FRONTEND,
        self::ADMINHTML,
        self::CRONTAB,
        self::REST,
        self::SOAP,
        self::GRAPHQL,
    ];

    private const FRONT_NAMES = ['rest' => self::REST, 'soap' => self::SOAP, 'graphql' => self::GRAPHQL];

    public function __construct(private readonly DeploymentConfig $deploymentConfig)
    {
    }

    public function getCodeByFrontName(string $frontName): string
    {
        if ($frontName !== '' && $frontName === $this->deploymentConfig->get('backend/frontName')) {
            return self::ADMINHTML;
        }

        return self::FRONT_NAMES[$frontName] ?? self::FRONTEND;
    }
}
