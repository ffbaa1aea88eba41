<?php

declare(strict_types=1);

namespace Magento\Backend\Console\Command;

use InvalidArgumentException;
use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Framework\App\ResourceConnection;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Input\InputOption;

/**
 * --scope and --scope-code of the commands that show and set settings.
 */
class ScopeOptions
{
    private const SCOPE = 'scope';
    private const CODE = 'scope-code';
    /** What a user may write => the scope. */
    private const SCOPES = [
        'default' => ScopeConfigInterface::SCOPE_DEFAULT,
        'website' => ScopeConfigInterface::SCOPE_WEBSITES,
        'websites' => ScopeConfigInterface::SCOPE_WEBSITES,
        'store' => ScopeConfigInterface::SCOPE_STORES,
        'stores' => ScopeConfigInterface::SCOPE_STORES,
    ];
    private const ID_QUERIES = [
        ScopeConfigInterface::SCOPE_WEBSITES => 'SELECT website_id AS id FROM {store_website} WHERE code = ?',
        ScopeConfigInterface::SCOPE_STORES => 'SELECT store_id AS id FROM {store} WHERE code = ?',
    ];

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function addTo(Command $command): void
    {
        $scope = 'Configuration scope (default, website, or store)';
        $code = 'Scope code (required when scope is not default)';
        $default = ScopeConfigInterface::SCOPE_DEFAULT;
        $command->addOption(self::SCOPE, null, InputOption::VALUE_REQUIRED, $scope, $default);
        $command->addOption(self::CODE, null, InputOption::VALUE_REQUIRED, $code);
    }

    /**
     * @throws InvalidArgumentException
     */
    public function readScope(InputInterface $input): string
    {
        $scope = (string)$input->getOption(self::SCOPE);

        return self::SCOPES[$scope] ?? throw $this->createError($scope);
    }

    public function readCode(InputInterface $input): ?string
    {
        return $input->getOption(self::CODE);
    }

    /**
     * @throws InvalidArgumentException
     */
    public function readId(InputInterface $input): int
    {
        $scope = $this->readScope($input);
        if ($scope === ScopeConfigInterface::SCOPE_DEFAULT) {
            return 0;
        }
        $code = (string)$this->readCode($input);
        $row = $this->resource->fetchRow(self::ID_QUERIES[$scope], [$code]);

        return (int)($row['id'] ?? throw $this->createError($code));
    }

    private function createError(string $value): InvalidArgumentException
    {
        return new InvalidArgumentException("The \"$value\" value doesn't exist. Enter another value and try again.");
    }
}
