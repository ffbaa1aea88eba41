<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use Magento\Framework\App\Filesystem\DirectoryList;
use Magento\Framework\Code\ClassLoader;
use Magento\Framework\Code\FactoryGenerator;
use Magento\Framework\Code\InterceptorGenerator;
use Magento\Framework\Filesystem\File;
use Magento\Framework\Logger;
use Magento\Framework\ObjectManagerInterface;
use Throwable;

/**
 * Starts the application, for the web or for a script that wants its object manager.
 */
class Bootstrap
{
    private ?ObjectManagerInterface $objectManager = null;

    /**
     * @param array<string, mixed> $server as $_SERVER
     */
    private function __construct(
        private readonly DirectoryList $directoryList,
        private readonly File $file,
        private readonly array $server,
    ) {
    }

    /**
     * @param array<string, mixed> $server as $_SERVER
     */
    public static function create(string $root, array $server): self
    {
        $directoryList = new DirectoryList($root);
        $file = new File();
        $generators = [new FactoryGenerator($directoryList, $file), new InterceptorGenerator($directoryList, $file)];
        (new ClassLoader($directoryList, $generators))->register();

        return new self($directoryList, $file, $server);
    }

    public function getObjectManager(): ObjectManagerInterface
    {
        return $this->objectManager ??= (new ObjectManagerFactory())->create($this->directoryList->getRoot());
    }

    /**
     * Answers the web request of this process.
     */
    public function run(): void
    {
        $errorReport = new ErrorReport($this->directoryList, $this->file, new Logger($this->directoryList));
        $maintenance = new MaintenanceMode($this->directoryList, $this->file);
        try {
            if ($maintenance->isOn((string)($this->server['REMOTE_ADDR'] ?? ''))) {
                $response = $errorReport->createMaintenancePage();
            } else {
                (new GeneratedFiles($this->directoryList, $this->file))->cleanIfAsked();
                $response = $this->getObjectManager()->get(Http::class)->launch();
            }
        } catch (Throwable $error) {
            $response = $errorReport->createPage($error);
        }
        $response->send();
    }
}
